"""Reads the series and makes of each row what the network reads. The Java demo does the same, to the bit."""

import csv
import datetime
import json
import math
import pathlib

import numpy as np

HERE = pathlib.Path(__file__).parent
HORIZONS = [1, 6, 12, 24]
TRAINED = 0.15
GAP_FACTOR = 10
CLIP = 8.0
FEATURES = ["value", "sin day", "cos day", "sin week", "cos week"]


def read(path):
    """Epoch seconds (the times are taken as UTC) and values."""
    times, values = [], []
    with open(path, newline="", encoding="utf-8") as f:
        for row in csv.DictReader(f):
            at = datetime.datetime.strptime(row["timestamp"], "%Y-%m-%d %H:%M:%S")
            times.append(int(at.replace(tzinfo=datetime.timezone.utc).timestamp()))
            values.append(float(row["value"]))
    return np.array(times), np.array(values)


def everything():
    folder = HERE / "data"
    return {f"{p.parent.name}/{p.stem}": read(p) for p in sorted(folder.glob("*/*.csv"))}


def normalisation(times, values):
    """Mean and scale of the first part alone; a part that does not vary gets the scale 1."""
    rows = int(TRAINED * len(values))
    part = values[:rows]
    scale = float(part.std())
    steps = np.diff(times[:rows])
    return {
        "mean": float(part.mean()),
        "scale": scale if scale > 1e-9 else 1.0,
        "train_rows": rows,
        "step_seconds": int(np.median(steps)),
    }


def normalised(values, norm):
    return np.clip((values - norm["mean"]) / norm["scale"], -CLIP, CLIP)


def features(times, values, norm):
    """[rows, features], computed in float64 and rounded once to float32."""
    day = 2 * math.pi * (times % 86400) / 86400
    week = 2 * math.pi * (times % 604800) / 604800
    columns = [normalised(values, norm), np.sin(day), np.cos(day), np.sin(week), np.cos(week)]
    return np.stack(columns, axis=1).astype(np.float32)


def segments(times, norm):
    """The parts between gaps: a step longer than GAP_FACTOR usual ones, or backwards, starts a new one."""
    steps = np.diff(times)
    cuts = np.where((steps > GAP_FACTOR * norm["step_seconds"]) | (steps < 0))[0] + 1
    bounds = [0, *cuts.tolist(), len(times)]
    return [(a, b) for a, b in zip(bounds, bounds[1:])]


def save_normalisation(norms, path):
    text = {"features": FEATURES, "horizons": HORIZONS, "gap_factor": GAP_FACTOR, "clip": CLIP, "series": norms}
    path.write_text(json.dumps(text, indent=1) + "\n", encoding="utf-8")
