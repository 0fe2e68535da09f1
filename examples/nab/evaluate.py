"""Compares forecaster.keras with repeating the last value, on the 85 % of each series that it has not seen.

    python evaluate.py     prints the table of README.md and writes expected.json
"""

import json
import os

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras
import numpy as np

import series


def forecast(model, inputs, bounds):
    """The network's outputs, its state carried through each segment."""
    outputs = np.zeros((len(inputs), len(series.HORIZONS)), np.float32)
    for first, last in bounds:
        length = 1 << (last - first - 1).bit_length()  # few lengths, so that few are compiled
        padded = np.zeros((1, length, inputs.shape[1]), np.float32)
        padded[0, : last - first] = inputs[first:last]
        outputs[first:last] = model.predict(padded, verbose=0)[0, : last - first]
    return outputs


def main():
    model = keras.models.load_model(series.HERE / "forecaster.keras")
    norms = json.loads((series.HERE / "normalisation.json").read_text(encoding="utf-8"))["series"]
    ratios, totals, expected = [], np.zeros((2, len(series.HORIZONS))), {}
    for name, (times, values) in series.everything().items():
        norm = norms[name]
        inputs = series.features(times, values, norm)
        outputs = forecast(model, inputs, series.segments(times, norm))
        z = inputs[:, 0]
        ratio = []
        for k, horizon in enumerate(series.HORIZONS):
            now = np.arange(norm["train_rows"], len(z) - horizon)
            ours = np.abs(z[now + horizon] - z[now] - outputs[now, k]).mean()
            last = np.abs(z[now + horizon] - z[now]).mean()
            totals[:, k] += ours, last
            ratio.append(ours / last if last > 0 else np.nan)
        ratios.append(ratio)
        print(f"{name:62}" + "".join(f"{r:8.3f}" for r in ratio))
        if name.endswith(("nyc_taxi", "art_daily_flatmiddle")):
            expected[name] = {"inputs": inputs[:60].tolist(), "outputs": outputs[:60].tolist()}
    ratios = np.array(ratios)
    for label, row in [
        ("mean absolute error, all series together, over repeating the last value", totals[0] / totals[1]),
        ("median over the series of that ratio", np.nanmedian(ratios, axis=0)),
        ("series where the forecaster is better, of " + str(len(ratios)), (ratios < 1).sum(axis=0)),
    ]:
        print(f"{label:75}" + "".join(f"{r:8.3f}" for r in row))
    (series.HERE / "expected.json").write_text(json.dumps(expected) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
