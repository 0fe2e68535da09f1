# SPDX-License-Identifier: Apache-2.0
"""Scores every series from its first row on, and measures the forecasts made in the last 85 %.

Writes evaluation.csv and prints the tables that stand in README.md.
"""

import os

os.environ.setdefault("KERAS_BACKEND", "jax")

import csv
import sys

import keras
import numpy as np

import nab

RECENT = 12


def outputs(model, series):
    """Network outputs of every series, float32 [rows, horizons], the state reset at each gap.

    Sequences are padded at their ends to a power of two and run together: what stands behind a row
    never changes it.
    """
    results = [np.zeros((len(s.value), len(nab.HORIZONS)), np.float32) for s in series]
    by_length = {}
    for i, s in enumerate(series):
        for first, after in s.sequences():
            by_length.setdefault(1 << max(5, (after - first - 1).bit_length()), []).append((i, first, after))
    inputs = [s.inputs() for s in series]
    for length, pieces in sorted(by_length.items()):
        x = np.zeros((len(pieces), length, len(nab.FEATURES)), np.float32)
        for row, (i, first, after) in enumerate(pieces):
            x[row, : after - first] = inputs[i][first:after]
        y = model.predict(x, batch_size=len(pieces), verbose=0)
        for row, (i, first, after) in enumerate(pieces):
            results[i][first:after] = y[row, : after - first]
    return results


def yesterday_differences(s):
    """(value a day before the forecast row - value) in raw units, NaN where no row stands there.

    The row is the latest that is at least a day older than the forecast row, and at most a usual step more.
    """
    clock = np.maximum.accumulate(s.time)
    out = np.full((len(s.value), len(nab.HORIZONS)), np.nan)
    for k, h in enumerate(nab.HORIZONS):
        wanted = clock[h:] - nab.DAY
        found = np.searchsorted(clock, wanted, side="right") - 1
        near = (found >= 0) & (wanted - clock[np.maximum(found, 0)] <= s.step)
        near &= found <= np.arange(len(found))
        out[: len(found), k] = np.where(near, s.value[np.maximum(found, 0)] - s.value[: len(found)], np.nan)
    return out


def recent_mean_differences(s):
    """(mean of this and up to 11 rows before it in the same sequence - value) in raw units, [rows, 1]."""
    out = np.zeros((len(s.value), 1))
    for first, after in s.sequences():
        for row in range(first, after):
            out[row] = s.value[max(first, row - RECENT + 1) : row + 1].mean() - s.value[row]
    return out


def mean_absolute(differences):
    """Means over rows of |differences|, NaN where a column is all NaN."""
    known = ~np.isnan(differences)
    total = np.where(known, np.abs(differences), 0).sum(axis=0)
    return np.where(known.any(axis=0), total / np.maximum(known.sum(axis=0), 1), np.nan)


def measure(s, out):
    """Mean absolute errors per horizon, over origins in the last 85 %: network, last value, mean of recent rows,
    and on the rows that have a yesterday: yesterday's value, last value."""
    rest = slice(s.train_rows, None)
    true = s.differences()[rest]
    day = true - yesterday_differences(s)[rest]
    network = mean_absolute(true - s.scale * out[rest].astype(np.float64))
    recent = mean_absolute(true - recent_mean_differences(s)[rest])
    return network, mean_absolute(true), recent, mean_absolute(day), mean_absolute(np.where(np.isnan(day), np.nan, true))


def summary(above, below):
    """One line per horizon over the series' ratios; series where repeating is never wrong have none."""
    ratios = np.where(below > 0, above / np.where(below > 0, below, 1), np.nan)
    lines = []
    for k, h in enumerate(nab.HORIZONS):
        r = ratios[:, k][~np.isnan(ratios[:, k])]
        q = np.quantile(r, [0.25, 0.75])
        lines.append(
            f"| {h} | {r.mean():.3f} | {np.median(r):.3f} | {q[0]:.2f} to {q[1]:.2f} | {(r < 1).sum()} of {len(r)} |"
        )
    return "\n".join(lines)


def main():
    series = nab.read_series()
    model = keras.saving.load_model(nab.HERE / "forecaster.keras")
    measured = [measure(s, out) for s, out in zip(series, outputs(model, series))]
    network, last, recent, day, last_where_day = (np.array(column) for column in zip(*measured))
    print("| Rows ahead | Mean ratio | Median ratio | Middle half | Series better |\n|---|---|---|---|---|")
    print(summary(network, last))
    print(f"\nThe mean of the last {RECENT} rows, against repeating the last value:\n")
    print(summary(recent, last))
    print(f"\nThe network, against the mean of the last {RECENT} rows:\n")
    print(summary(network, recent))
    print("\nThe value of the same time yesterday, against repeating the last value:\n")
    print(summary(day, last_where_day))
    with open(nab.HERE / "evaluation.csv", "w", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["series", "rows_ahead", "error", "error_last_value", "error_recent_mean", "error_yesterday"])
        for s, *errors in zip(series, network, last, recent, day):
            for k, h in enumerate(nab.HORIZONS):
                rows.writerow([s.name, h] + [f"{e[k]:.6g}" for e in errors])


if __name__ == "__main__":
    sys.exit(main())
