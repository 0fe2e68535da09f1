"""Trains one LSTM that forecasts every series several steps ahead, on the first 15 % of each series alone.

    pip install -r requirements.txt
    python train.py        writes forecaster.keras and normalisation.json

The network gives, for each timestep and horizon h, the difference between the normalised value h rows later and the
one now, so that an output of zeros is the forecast "it stays as it is".
"""

import os

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras
import numpy as np

import series

WINDOW = 192
STRIDE = 48
UNITS = 48
EPOCHS = 60
SEED = 7


def windows(times, values, norm):
    """Inputs, targets and weights of windows of the trained part; rows past the end of a segment weigh nothing."""
    inputs = series.features(times, values, norm)
    z = inputs[:, 0]
    for first, last in series.segments(times, norm):
        last = min(last, norm["train_rows"])
        for start in range(first, max(last - 32, first + 1), STRIDE):
            x = np.zeros((WINDOW, inputs.shape[1]), np.float32)
            y = np.zeros((WINDOW, len(series.HORIZONS)), np.float32)
            w = np.zeros((WINDOW, len(series.HORIZONS)), np.float32)
            count = min(WINDOW, last - start)
            if count < 2:
                continue
            x[:count] = inputs[start : start + count]
            for k, horizon in enumerate(series.HORIZONS):
                known = max(0, min(count, last - start - horizon))
                y[:known, k] = z[start + horizon : start + horizon + known] - z[start : start + known]
                w[:known, k] = 1
            yield x, y, w


def training_set(every):
    xs, ys, ws, norms = [], [], [], {}
    for name, (times, values) in every.items():
        norm = norms[name] = series.normalisation(times, values)
        of_series = list(windows(times, values, norm))
        for x, y, w in of_series:
            xs.append(x)
            ys.append(y)
            ws.append(w / len(of_series) ** 0.5)  # a long series counts more, but not in proportion
    return np.stack(xs), np.stack(ys), np.stack(ws), norms


def network():
    return keras.Sequential(
        [
            keras.layers.Input((None, len(series.FEATURES)), name="row"),
            keras.layers.LSTM(UNITS, return_sequences=True, name="lstm"),
            keras.layers.Dropout(0.2, name="dropout"),
            keras.layers.Dense(len(series.HORIZONS), kernel_initializer="zeros", name="forecast"),
        ],
        name="forecaster",
    )


def weighted_mean_absolute_error(target_and_weight, output):
    count = len(series.HORIZONS)
    target, weight = target_and_weight[..., :count], target_and_weight[..., count:]
    return keras.ops.sum(keras.ops.abs(target - output) * weight) / (keras.ops.sum(weight) + 1e-6)


def main():
    keras.utils.set_random_seed(SEED)
    x, y, w, norms = training_set(series.everything())
    model = network()
    steps = EPOCHS * -(-len(x) // 64)
    rate = keras.optimizers.schedules.CosineDecay(3e-3, steps)
    model.compile(keras.optimizers.AdamW(rate, weight_decay=1e-3, clipnorm=1.0), weighted_mean_absolute_error)
    model.fit(x, np.concatenate([y, w], axis=-1), batch_size=64, epochs=EPOCHS, verbose=2)
    save(model)
    series.save_normalisation(norms, series.HERE / "normalisation.json")


def save(model):
    """Without the optimizer's state, which only training needs."""
    plain = network()
    plain.set_weights(model.get_weights())
    plain.save(series.HERE / "forecaster.keras")


if __name__ == "__main__":
    main()
