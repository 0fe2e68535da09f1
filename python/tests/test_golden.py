# SPDX-License-Identifier: Apache-2.0
import json
from collections import defaultdict
from pathlib import Path

import keras
import numpy as np
import pytest

import streamcell  # noqa: F401  registers the cells

GOLDEN = Path(__file__).parent / "golden"
# An older Keras refuses the settings of its own Dense layer that Keras 3.15 saved.
pytestmark = pytest.mark.skipif(
    tuple(map(int, keras.version().split(".")[:2])) < (3, 15), reason="the files were saved by Keras 3.15"
)


def records(file):
    """The records of each stream, in their order."""
    streams = defaultdict(list)
    for line in file.read_text().splitlines():
        record = json.loads(line)
        streams[record["stream"]].append(record)
    return streams


def for_one_stream(saved):
    """The saved RNN layer and its head, carrying the state of one stream from chunk to chunk."""
    rnn, head = saved.layers
    stateful = keras.layers.RNN.from_config({**rnn.get_config(), "stateful": True})
    keras.Sequential([keras.Input((None, 5), batch_size=1), stateful])
    stateful.cell.set_weights(rnn.cell.get_weights())
    return stateful, head


def played(rnn, head, events):
    """What comes out for a stream's events: the outputs of each chunk, the states of each export."""
    rnn.reset_state()
    for event in events:
        if event.get("event") == "reset":
            rnn.reset_state()
        elif event.get("event") == "export":
            yield [keras.ops.convert_to_numpy(state)[0].tolist() for state in rnn.states]
        else:
            rows = keras.ops.convert_to_numpy(head(rnn(np.array([event["values"]], "float32"))))
            yield rows[0].tolist() if rnn.return_sequences else rows.tolist()


@pytest.mark.parametrize("case", sorted(folder.name for folder in GOLDEN.iterdir() if folder.is_dir()))
def test_a_file_saved_by_other_code_loads_and_gives_the_same_outputs_and_states(case):
    rnn, head = for_one_stream(keras.saving.load_model(GOLDEN / case / "model.keras"))
    expected = records(GOLDEN / case / "expected.jsonl")
    for stream, events in records(GOLDEN / case / "events.jsonl").items():
        wanted = [r["outputs"] if "outputs" in r else r["state"]["rnn"] for r in expected.pop(stream)]
        for found_one, wanted_one in zip(played(rnn, head, events), wanted, strict=True):
            for found_row, wanted_row in zip(found_one, wanted_one, strict=True):
                np.testing.assert_allclose(found_row, wanted_row, rtol=1e-5, atol=1e-5)
    assert not expected
