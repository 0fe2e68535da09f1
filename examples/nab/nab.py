# SPDX-License-Identifier: Apache-2.0
"""The series, how they become network inputs, and how network outputs become forecasts.

Everything a program in another language must repeat is in this file; README.md says the same in words.
"""

import csv
import datetime
import json
import math
import pathlib
import statistics

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
FEATURES = ["value", "day_sin", "day_cos"]
HORIZONS = [1, 6, 12, 24]
TRAIN_SHARE = 0.15
GAP_FACTOR = 24.0
CLIP = 10.0
DAY = 86400


class Series:
    """One series: its rows, and where its sequences begin.

    name        group/file without .csv
    time        epoch seconds, int64 [rows]; the timestamps carry no zone and are read as UTC
    value       float64 [rows]
    train_rows  rows of the part a model may be fitted to: floor(0.15 * rows)
    mean, scale of that part alone
    step        the usual time between rows: the median over that part, in seconds
    starts      first rows of the sequences: row 0, and every row after a gap
    """

    def __init__(self, name, time, value):
        self.name = name
        self.time = time
        self.value = value
        self.train_rows = int(TRAIN_SHARE * len(value))
        head = value[: self.train_rows].tolist()
        self.mean = math.fsum(head) / len(head)
        spread = math.fsum(abs(v - self.mean) for v in head) / len(head)
        self.scale = spread if spread > 1e-9 * max(1.0, abs(self.mean)) else 1.0
        self.step = float(statistics.median(np.diff(time[: self.train_rows]).tolist()))
        gaps = np.flatnonzero(np.diff(time) > GAP_FACTOR * self.step) + 1
        self.starts = [0] + gaps.tolist()

    def sequences(self, end=None):
        """(first row, row after the last) of every sequence, cut off at row `end`."""
        end = len(self.value) if end is None else end
        bounds = [s for s in self.starts if s < end] + [end]
        return list(zip(bounds[:-1], bounds[1:]))

    def inputs(self):
        """Network inputs, float32 [rows, features]: computed in double, then rounded once."""
        z = np.clip((self.value - self.mean) / self.scale, -CLIP, CLIP)
        angle = 2.0 * math.pi * (self.time % DAY) / DAY
        return np.stack([z, np.sin(angle), np.cos(angle)], axis=1).astype(np.float32)

    def differences(self, end=None):
        """(value h rows later - value) in raw units, float64 [rows, horizons].

        NaN where the later row is not in the same sequence, or not before row `end`.
        """
        out = np.full((len(self.value), len(HORIZONS)), np.nan)
        for first, after in self.sequences(end):
            for k, h in enumerate(HORIZONS):
                if after - first > h:
                    out[first : after - h, k] = self.value[first + h : after] - self.value[first : after - h]
        return out

    def forecasts(self, outputs):
        """Outputs of the first rows, [rows, horizons], as forecasts in raw units: column k is for row + HORIZONS[k]."""
        return self.value[: len(outputs), None] + self.scale * outputs.astype(np.float64)


def epoch_seconds(timestamp):
    moment = datetime.datetime.fromisoformat(timestamp)
    return int(moment.replace(tzinfo=datetime.timezone.utc).timestamp())


def read_series(folder=HERE / "data"):
    """All series in the order of their names."""
    found = []
    for path in sorted(folder.glob("*/*.csv")):
        with open(path, newline="") as lines:
            rows = list(csv.DictReader(lines))
        time = np.array([epoch_seconds(r["timestamp"]) for r in rows], dtype=np.int64)
        value = np.array([float(r["value"]) for r in rows], dtype=np.float64)
        found.append(Series(f"{path.parent.name}/{path.stem}", time, value))
    return found


def write_normalisation(series, path=HERE / "normalisation.json"):
    """What a program needs beside forecaster.keras; the numbers read back to the same doubles."""
    body = {
        "features": FEATURES,
        "horizons": HORIZONS,
        "train_share": TRAIN_SHARE,
        "gap_factor": GAP_FACTOR,
        "clip": CLIP,
        "formulas": {
            "time": "epoch seconds of the timestamp read as UTC",
            "value": "float32(min(max((value - mean) / scale, -clip), clip)), all in double before the rounding",
            "day_sin": "float32(sin(2 * pi * (time mod 86400) / 86400)), in double before the rounding",
            "day_cos": "float32(cos(2 * pi * (time mod 86400) / 86400)), in double before the rounding",
            "forecast": "value + scale * output[k], in double: the forecast for the row horizons[k] rows later",
            "reset": "before a row whose time is more than gap_factor * step after the row before it",
        },
        "series": {
            s.name: {"mean": s.mean, "scale": s.scale, "step": s.step, "train_rows": s.train_rows} for s in series
        },
    }
    path.write_text(json.dumps(body, indent=1) + "\n")
