# SPDX-License-Identifier: Apache-2.0
"""Networks of one cell, with weights that all matter, for the tests."""

import keras
import numpy as np

from streamcell import ClockworkCell, DepthGatedLSTMCells, LSTMVariantCell, MutCell

# One of each shape of weights and states, by the name that a failing test shows.
CELLS = {
    "lstm V": lambda **options: LSTMVariantCell(5, **options),
    "lstm FGR": lambda **options: LSTMVariantCell(3, "FGR", **options),
    "lstm CIFG without peepholes": lambda **options: LSTMVariantCell(4, "CIFG", peepholes=False, **options),
    "mut 3": lambda **options: MutCell(5, 3, **options),
    "depth-gated": lambda **options: DepthGatedLSTMCells(3, 3, **options),
    "clockwork": lambda **options: ClockworkCell(7, (1, 3, 4), **options),
}


def sequences(features, batch=2, timesteps=9):
    return np.random.default_rng(1).normal(size=(batch, timesteps, features)).astype("float32")


def network(cell, features=3, batch=None, **options):
    """A model of one RNN layer over `cell`, every weight drawn at random, biases too."""
    options = {"return_sequences": True, **options}
    model = keras.Sequential([keras.Input((None, features), batch_size=batch), keras.layers.RNN(cell, **options)])
    draw = np.random.default_rng(2)
    cell.set_weights([draw.normal(0, 0.6, w.shape).astype("float32") for w in cell.weights])
    return model


def outputs(model, inputs):
    return keras.ops.convert_to_numpy(model(inputs))


def named_weights(cell):
    """The weights by name, in float64."""
    return {w.name: keras.ops.convert_to_numpy(w).astype("float64") for w in cell.weights}
