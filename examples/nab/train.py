# SPDX-License-Identifier: Apache-2.0
"""Trains one forecaster for all series on the first 15 % of each.

Writes forecaster.keras, normalisation.json and expected.json beside this file.
"""

import os

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

import json
import sys
import time

import keras
import numpy as np

import nab

SEED = 1
UNITS = 96
DROPOUT = 0.1
WINDOW = 288
BATCH = 16
EPOCHS = 400
LEARNING_RATE = 3e-3
TARGET_CLIP = 20.0
EXPECTED = {"realKnownCause/nyc_taxi": 50, "realTraffic/TravelTime_451": 60}


def network():
    """Inputs [batch, timesteps, features] to outputs [batch, timesteps, horizons].

    The last layer starts at zero: an untrained network repeats the last value.
    """
    inputs = keras.Input((None, len(nab.FEATURES)), name="timestep")
    x = keras.layers.LSTM(UNITS, return_sequences=True, name="lstm")(inputs)
    x = keras.layers.Dropout(DROPOUT, name="dropout")(x)
    outputs = keras.layers.Dense(len(nab.HORIZONS), kernel_initializer="zeros", name="difference")(x)
    return keras.Model(inputs, outputs, name="forecaster")


class Examples:
    """One series' inputs, targets and weights, float32, with nothing from beyond row `end`.

    A weight is one over the error of repeating the last value, so that the loss is close to the ratio
    that evaluate.py reports, and over the root of the rows, so that long series do not drown short ones.
    """

    def __init__(self, series, end):
        differences = series.differences(end)[:end] / series.scale
        known = ~np.isnan(differences)
        last = np.where(known, np.abs(differences), 0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
        weight = 1.0 / (np.maximum(last, 0.05) * np.sqrt(end))
        self.sequences = series.sequences(end)
        self.inputs = series.inputs()[:end]
        self.targets = np.clip(np.where(known, differences, 0), -TARGET_CLIP, TARGET_CLIP).astype(np.float32)
        self.weights = np.where(known, weight, 0).astype(np.float32)


def windows(examples, rng):
    """One epoch: every sequence cut at random into windows, shuffled, full batches only by repeating some.

    Returns inputs [windows, WINDOW, features] and targets beside weights [windows, WINDOW, 2 * horizons].
    Each window's value is stretched and shifted a little, its targets and weights with it.
    """
    horizons = len(nab.HORIZONS)
    xs, ys = [], []
    for e in examples:
        for first, after in e.sequences:
            start = first - int(rng.integers(WINDOW)) if after - first > WINDOW else first
            for at in range(start, after, WINDOW):
                low, high = max(at, first), min(at + WINDOW, after)
                if high - low <= 8:
                    continue
                rows = high - low
                stretch, shift = np.exp(rng.normal(0, 0.4)), rng.normal(0, 0.5)
                x = np.zeros((WINDOW, len(nab.FEATURES)), np.float32)
                y = np.zeros((WINDOW, 2 * horizons), np.float32)
                x[:rows] = e.inputs[low:high]
                x[:rows, 0] = stretch * x[:rows, 0] + shift
                y[:rows, :horizons] = stretch * e.targets[low:high]
                y[:rows, horizons:] = e.weights[low:high] / stretch
                xs.append(x)
                ys.append(y)
    order = rng.permutation(len(xs))
    order = np.concatenate([order, order[: -len(order) % BATCH]])
    return np.array(xs)[order], np.array(ys)[order]


def weighted_absolute_error(targets_and_weights, outputs):
    targets, weights = keras.ops.split(targets_and_weights, 2, axis=-1)
    return keras.ops.mean(weights * keras.ops.abs(targets - outputs))


def train(series, share=1.0, epochs=EPOCHS, log=print):
    """A network fitted to the first `share` of every series' training part."""
    keras.utils.set_random_seed(SEED)
    rng = np.random.default_rng(SEED)
    examples = [Examples(s, int(share * s.train_rows)) for s in series]
    mean = sum(e.weights.sum() for e in examples) / sum((e.weights > 0).sum() for e in examples)
    for e in examples:
        e.weights /= mean
    model = network()
    steps = len(windows(examples, np.random.default_rng(SEED))[0]) // BATCH * epochs
    rate = keras.optimizers.schedules.CosineDecay(LEARNING_RATE, steps)
    model.compile(keras.optimizers.Adam(rate, clipnorm=1.0), loss=weighted_absolute_error)
    began = time.monotonic()
    for epoch in range(1, epochs + 1):
        x, y = windows(examples, rng)
        loss = model.fit(x, y, batch_size=BATCH, shuffle=False, verbose=0).history["loss"][0]
        if epoch % 20 == 0:
            log(f"epoch {epoch} of {epochs}, loss {loss:.4f}, {time.monotonic() - began:.0f} s")
    plain = network()
    plain.set_weights(model.get_weights())
    return plain


def write_expected(model, series, path=nab.HERE / "expected.json"):
    """Keras's own answers for a few rows, from the initial state and from it again after every gap."""
    cases = []
    for name, end in EXPECTED.items():
        s = next(s for s in series if s.name == name)
        inputs = s.inputs()
        parts = [np.asarray(model(inputs[None, a:b]))[0] for a, b in s.sequences(end)]
        outputs = np.concatenate(parts)
        cases.append({
            "series": name,
            "resets_before_rows": [r for r in s.starts if 0 < r < end],
            "time": s.time[:end].tolist(),
            "value": s.value[:end].tolist(),
            "inputs": inputs[:end].astype(float).tolist(),
            "outputs": outputs.astype(float).tolist(),
            "forecasts": s.forecasts(outputs).tolist(),
        })
    body = {"keras": keras.__version__, "backend": keras.backend.backend(), "cases": cases}
    path.write_text(json.dumps(body).replace('"series"', '\n"series"').replace("}, {", "},\n{") + "\n")


def main():
    series = nab.read_series()
    model = train(series)
    model.save(nab.HERE / "forecaster.keras")
    nab.write_normalisation(series)
    write_expected(model, series)


if __name__ == "__main__":
    sys.exit(main())
