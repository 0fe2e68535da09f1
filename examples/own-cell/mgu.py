# SPDX-License-Identifier: Apache-2.0
"""The minimal gated unit in Keras, and what Streamcell is to make of it.

Writes mgu.keras, events.jsonl and expected.jsonl beside this file: a small model, chunks of three streams, and Keras's
outputs for each chunk.
"""

import os

os.environ.setdefault("KERAS_BACKEND", "jax")

import json
from pathlib import Path

import keras
import numpy as np
from keras import ops

HERE = Path(__file__).parent


@keras.saving.register_keras_serializable(package="examples")
class MinimalGatedUnitCell(keras.layers.Layer):
    """Minimal gated unit (Zhou et al. 2016, arXiv 1603.09420).

        f = sigmoid(x W_f + h R_f + b_f)
        n = tanh(x W_h + (f*h) R_h + b_h)
        h' = (1 - f)*h + f*n

    Weights, in this order: kernel (features, 2*units), recurrent_kernel (units, 2*units), bias (2*units), each first
    the columns of f, then those of n. State: h (units).
    """

    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.state_size = units
        self.output_size = units

    def build(self, input_shape):
        columns = 2 * self.units
        self.kernel = self.add_weight(shape=(input_shape[-1], columns), initializer="glorot_uniform", name="kernel")
        self.recurrent_kernel = self.add_weight(
            shape=(self.units, columns), initializer="orthogonal", name="recurrent_kernel"
        )
        self.bias = self.add_weight(shape=(columns,), initializer="random_normal", name="bias")

    def call(self, inputs, states):
        h = states[0]
        w_f, w_h = ops.split(self.kernel, 2, axis=1)
        r_f, r_h = ops.split(self.recurrent_kernel, 2, axis=1)
        b_f, b_h = ops.split(self.bias, 2)
        f = ops.sigmoid(ops.matmul(inputs, w_f) + ops.matmul(h, r_f) + b_f)
        n = ops.tanh(ops.matmul(inputs, w_h) + ops.matmul(f * h, r_h) + b_h)
        h = (1 - f) * h + f * n
        return h, [h]

    def get_config(self):
        return {**super().get_config(), "units": self.units}


def network():
    """An LSTM, which every provider computes, below the cell that Streamcell does not know."""
    return keras.Sequential(
        [
            keras.Input((None, 3)),
            keras.layers.LSTM(6, return_sequences=True, name="lstm"),
            keras.layers.RNN(MinimalGatedUnitCell(8, name="mgu"), return_sequences=True, name="rnn"),
            keras.layers.Dense(2, name="dense"),
        ]
    )


def main():
    keras.utils.set_random_seed(1)
    random = np.random.default_rng(1)
    model = network()
    model.save(HERE / "mgu.keras")
    sequences = {f"s{k}": random.normal(size=(length, 3)).astype("float32") for k, length in enumerate((19, 7, 12))}
    outputs = {stream: model(values[None]).__array__()[0] for stream, values in sequences.items()}
    done = dict.fromkeys(sequences, 0)
    with (HERE / "events.jsonl").open("w") as events, (HERE / "expected.jsonl").open("w") as expected:
        while any(done[stream] < len(values) for stream, values in sequences.items()):
            for stream, values in sequences.items():
                start, end = done[stream], min(done[stream] + int(random.integers(1, 6)), len(values))
                if start < end:
                    write(events, {"stream": stream, "values": values[start:end].tolist()})
                    write(expected, {"stream": stream, "start": start, "outputs": outputs[stream][start:end].tolist()})
                done[stream] = end


def write(file, line):
    file.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
