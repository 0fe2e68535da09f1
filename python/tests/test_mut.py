# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

import cells
from streamcell import MutCell


def logistic(a):
    return 1 / (1 + np.exp(-a))


def formulas(weights, units, variant, inputs):
    """The paper's equations; columns z r h."""
    w_z, w_r, w_h = np.hsplit(weights["kernel"], 3)
    u_z, u_r, u_h = np.hsplit(weights["recurrent_kernel"], 3)
    b_z, b_r, b_h = weights["bias"].reshape(3, units)
    hidden = np.zeros((*inputs.shape[:2], units))
    for stream in range(len(inputs)):
        h = np.zeros(units)
        for t, x in enumerate(inputs[stream].astype("float64")):
            z = {
                1: logistic(x @ w_z + b_z),
                2: logistic(x @ w_z + h @ u_z + b_z),
                3: logistic(x @ w_z + np.tanh(h) @ u_z + b_z),
            }[variant]
            r = logistic(x @ w_r + h @ u_r + b_r)
            from_inputs = np.tanh(x @ w_h) if variant == 1 else x @ w_h
            h = np.tanh((r * h) @ u_h + from_inputs + b_h) * z + h * (1 - z)
            hidden[stream, t] = h
    return hidden


@pytest.mark.parametrize("variant", [1, 2, 3])
def test_each_variant_computes_its_formulas(variant):
    cell, inputs = MutCell(5, variant), cells.sequences(3)
    found = cells.outputs(cells.network(cell), inputs)
    np.testing.assert_allclose(found, formulas(cells.named_weights(cell), 5, variant, inputs), rtol=1e-5, atol=1e-5)


def test_weights_stand_in_the_order_of_the_saved_file():
    cell = MutCell(4)
    cell.build((None, 3))
    assert [(w.name, w.shape) for w in cell.weights] == [
        ("kernel", (3, 12)),
        ("recurrent_kernel", (4, 12)),
        ("bias", (12,)),
    ]
