# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

import cells
from streamcell import DepthGatedLSTMCells


def logistic(a):
    return 1 / (1 + np.exp(-a))


def formulas(weights, units, depth, inputs):
    """The paper's equations, level by level over the whole sequence."""
    hidden = []
    for sequence in inputs.astype("float64"):
        memory_below = None
        for n in range(depth):
            h, c, hs, cs = np.zeros(units), np.zeros(units), [], []
            for t, x in enumerate(sequence):
                sums = x @ weights[f"kernel_{n}"] + h @ weights[f"recurrent_kernel_{n}"] + weights[f"bias_{n}"]
                i, f, candidate, o = sums.reshape(4, units)
                carried = 0.0
                if n > 0:
                    depth_gate = logistic(
                        x @ weights[f"depth_kernel_{n}"]
                        + weights[f"depth_upper_{n}"] * c
                        + weights[f"depth_lower_{n}"] * memory_below[t]
                        + weights[f"depth_bias_{n}"]
                    )
                    carried = depth_gate * memory_below[t]
                c = carried + logistic(f) * c + logistic(i) * np.tanh(candidate)
                h = logistic(o) * np.tanh(c)
                hs.append(h)
                cs.append(c)
            sequence, memory_below = hs, cs
        hidden.append(hs)
    return np.array(hidden)


@pytest.mark.parametrize("depth", [1, 2, 4])
def test_each_depth_computes_its_formulas(depth):
    cell, inputs = DepthGatedLSTMCells(5, depth), cells.sequences(3)
    found = cells.outputs(cells.network(cell), inputs)
    np.testing.assert_allclose(found, formulas(cells.named_weights(cell), 5, depth, inputs), rtol=1e-5, atol=1e-5)


def test_weights_stand_level_after_level():
    cell = DepthGatedLSTMCells(4, 2)
    cell.build((None, 3))
    assert [(w.name, w.shape) for w in cell.weights] == [
        ("kernel_0", (3, 16)),
        ("recurrent_kernel_0", (4, 16)),
        ("bias_0", (16,)),
        ("kernel_1", (4, 16)),
        ("recurrent_kernel_1", (4, 16)),
        ("bias_1", (16,)),
        ("depth_kernel_1", (4, 4)),
        ("depth_upper_1", (4,)),
        ("depth_lower_1", (4,)),
        ("depth_bias_1", (4,)),
    ]


def test_a_new_cell_remembers_on_every_level():
    cell = DepthGatedLSTMCells(1, 2)
    cell.build((None, 3))
    for n in range(2):
        np.testing.assert_array_equal(cells.named_weights(cell)[f"bias_{n}"], [0, 1, 0, 0])
