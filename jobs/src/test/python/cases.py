"""Cases as the judged ones: a model, events, what must come out, and the options to score it with."""

import json
import os

import numpy as np


def numbers(values):
    if np.ndim(values):
        return [numbers(value) for value in values]
    return int(values) if isinstance(values, (np.integer, int)) else float(str(np.float32(values)))



def write_case(root, name, model, shows, carry, streams):
    """`streams` gives the pieces of each stream, and the outputs of each piece."""
    for _, outputs in streams.values():
        if not all(np.isfinite(output).all() for output in outputs):
            raise ValueError("outputs must be finite to be compared")
    folder = os.path.join(root, name)
    os.makedirs(folder, exist_ok=True)
    events, expected = [], []
    for stream, (pieces, outputs) in streams.items():
        start = 0
        for piece, output in zip(pieces, outputs):
            events.append({"stream": stream, "values": numbers(piece)})
            expected.append({"stream": stream, "start": start, "outputs": numbers(output)})
            start += len(piece)
    for part, records in (("events", events), ("expected", expected)):
        with open(os.path.join(folder, part + ".jsonl"), "w", encoding="utf-8") as file:
            file.writelines(json.dumps(record) + "\n" for record in records)
    with open(os.path.join(folder, "case.json"), "w", encoding="utf-8") as file:
        json.dump({"shows": shows, "model": model, "options": ["--carry", carry], "absolute": 2e-5, "relative": 2e-5}, file)
