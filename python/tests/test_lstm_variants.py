# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

import cells
from streamcell import LSTMVariantCell
from streamcell.lstm_variants import VARIANTS


def logistic(a):
    return 1 / (1 + np.exp(-a))


def formulas(weights, units, variant, inputs):
    """The paper's equations, one stream and one unit at a time."""
    kernel, recurrent, bias = weights["kernel"], weights["recurrent_kernel"], weights["bias"]
    peephole = weights.get("peephole", np.zeros((3, units)))
    hidden = []
    for stream in inputs.astype("float64"):
        h, c, gates = np.zeros(units), np.zeros(units), np.zeros(3 * units)
        for x in stream:
            new_h, new_c, new_gates = np.zeros(units), np.zeros(units), np.zeros(3 * units)
            for n in range(units):

                def total(part, x=x, h=h, n=n):
                    column = "ifco".index(part) * units + n
                    return x @ kernel[:, column] + h @ recurrent[:, column] + bias[column]

                def heard(part, gates=gates, n=n):
                    if variant != "FGR":
                        return 0.0
                    return gates @ weights["gate_recurrent_kernel"][:, "ifo".index(part) * units + n]

                i = 1.0 if variant == "NIG" else logistic(total("i") + heard("i") + peephole[0, n] * c[n])
                f = 1.0 if variant == "NFG" else logistic(total("f") + heard("f") + peephole[1, n] * c[n])
                f = 1.0 - i if variant == "CIFG" else f
                block_input = total("c") if variant == "NIAF" else np.tanh(total("c"))
                new_c[n] = f * c[n] + i * block_input
                o = 1.0 if variant == "NOG" else logistic(total("o") + heard("o") + peephole[2, n] * new_c[n])
                new_h[n] = o * (new_c[n] if variant == "NOAF" else np.tanh(new_c[n]))
                new_gates[[n, units + n, 2 * units + n]] = i, f, o
            h, c, gates = new_h, new_c, new_gates
            hidden.append(h)
    return np.reshape(hidden, (*inputs.shape[:2], units))


@pytest.mark.parametrize("peepholes", [True, False])
@pytest.mark.parametrize("variant", VARIANTS)
def test_each_variant_computes_its_formulas(variant, peepholes):
    cell, inputs = LSTMVariantCell(5, variant, peepholes=peepholes), cells.sequences(3)
    found = cells.outputs(cells.network(cell), inputs)
    np.testing.assert_allclose(found, formulas(cells.named_weights(cell), 5, variant, inputs), rtol=1e-5, atol=1e-5)


def test_weights_stand_in_the_order_of_the_saved_file():
    cell = LSTMVariantCell(4, "FGR")
    cell.build((None, 3))
    assert [(w.name, w.shape) for w in cell.weights] == [
        ("kernel", (3, 16)),
        ("recurrent_kernel", (4, 16)),
        ("bias", (16,)),
        ("peephole", (3, 4)),
        ("gate_recurrent_kernel", (12, 12)),
    ]


def test_np_has_no_peepholes_even_if_asked():
    cell = LSTMVariantCell(4, "NP", peepholes=True)
    cell.build((None, 3))
    assert cell.get_config()["peepholes"] is False
    assert "peephole" not in cells.named_weights(cell)


def test_the_forget_gate_of_a_new_cell_is_open():
    cell = LSTMVariantCell(2)
    cell.build((None, 3))
    np.testing.assert_array_equal(cells.named_weights(cell)["bias"], [0, 0, 1, 1, 0, 0, 0, 0])


def test_unit_forget_bias_can_be_switched_off():
    cell = LSTMVariantCell(2, unit_forget_bias=False, bias_initializer="ones")
    cell.build((None, 3))
    np.testing.assert_array_equal(cells.named_weights(cell)["bias"], np.ones(8))
