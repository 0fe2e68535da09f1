# SPDX-License-Identifier: Apache-2.0
"""Trains a clockwork network to forecast the taxi passengers of New York half an hour ahead.

Writes clockwork.keras and events.jsonl beside this file, and prints how to score the one with the other.
The series is `realKnownCause/nyc_taxi` of the Numenta Anomaly Benchmark: a row each half hour, 48 a day.
"""

import os

os.environ.setdefault("KERAS_BACKEND", "jax")

import csv
import json
from pathlib import Path

import keras
import numpy as np

from streamcell import ClockworkCell

HERE = Path(__file__).parent
SERIES = HERE.parents[1] / "examples/nab/data/realKnownCause/nyc_taxi.csv"
TRAINING_ROWS = 5000
WINDOW = 240  # five days
WARM_UP = 48  # a window begins with the state at zero; its first day is not learnt from
BATCH = 8
EPOCHS = 120


def network():
    """Value to the change until the next row, for each timestep; the slow modules carry the time of day and week."""
    cell = ClockworkCell(48, periods=(1, 2, 4, 8, 16, 48), name="clockwork")
    rnn = keras.layers.RNN(cell, return_sequences=True, name="rnn")
    return keras.Sequential([keras.Input((None, 1)), rnn, keras.layers.Dense(1, name="change")])


def windows(rows):
    """Windows (windows, timesteps, 1) of the rows, each half over the one before."""
    return np.stack([rows[start : start + WINDOW, None] for start in range(0, len(rows) - WINDOW + 1, WINDOW // 2)])


def main():
    keras.utils.set_random_seed(1)
    with SERIES.open() as file:
        rows = np.array([float(row["value"]) for row in csv.DictReader(file)])
    training = rows[:TRAINING_ROWS]
    values = ((rows - training.mean()) / training.std()).astype("float32")
    inputs, changes = values[:-1], np.diff(values)

    model = network()
    x, y = windows(inputs[:TRAINING_ROWS]), windows(changes[:TRAINING_ROWS])
    steps = EPOCHS * -(-len(x) // BATCH)
    model.compile(keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(5e-3, steps)), "mae")
    model.fit(
        x,
        y,
        sample_weight=np.tile(np.arange(WINDOW) >= WARM_UP, (len(x), 1)).astype("float32"),
        batch_size=BATCH,
        epochs=EPOCHS,
        verbose=2,
    )

    found = model.predict(inputs[None, :, None], verbose=0)[0, TRAINING_ROWS:, 0]
    wanted = changes[TRAINING_ROWS:]
    print(f"mean absolute error {np.abs(found - wanted).mean():.4f}")
    print(f"of repeating the last value {np.abs(wanted).mean():.4f}")

    model.save(HERE / "clockwork.keras")
    with (HERE / "events.jsonl").open("w") as file:
        for chunk in np.split(inputs, range(WINDOW, len(inputs), WINDOW)):
            file.write(json.dumps({"stream": "nyc_taxi", "values": [[float(value)] for value in chunk]}) + "\n")
    files = "--model python/examples/clockwork.keras --input python/examples/events.jsonl"
    print(f"./streamcell score {files} --output scores.jsonl")


if __name__ == "__main__":
    main()
