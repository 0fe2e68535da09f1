# SPDX-License-Identifier: Apache-2.0
import keras
import numpy as np
import pytest

import cells
from streamcell import ClockworkCell


def formulas(weights, modules, inputs):
    """The paper's equations, module by module; `modules` holds (period, units of the module), ascending."""
    kernel, recurrent, bias = weights["kernel"], weights["recurrent_kernel"], weights["bias"]
    hidden = np.zeros((*inputs.shape[:2], len(bias)))
    for stream in range(len(inputs)):
        last = np.zeros(len(bias))
        for t, x in enumerate(inputs[stream].astype("float64")):
            h = last.copy()
            for place, (period, own) in enumerate(modules):
                if t % period == 0:
                    heard = [n for _, units in modules[place:] for n in units]
                    total = x @ kernel[:, own] + last[heard] @ recurrent[np.ix_(heard, own)] + bias[own]
                    h[own] = np.tanh(total)
            hidden[stream, t] = last = h
    return hidden


@pytest.mark.parametrize(
    "units, modules",
    [
        (8, [(1, [0, 1]), (2, [2, 3]), (4, [4, 5]), (8, [6, 7])]),
        (7, [(1, [0, 1, 2]), (3, [3, 4]), (4, [5, 6])]),
        (3, [(2, [0, 1, 2])]),
        (2, [(3, [0]), (5, [1])]),
    ],
)
def test_modules_of_every_size_compute_the_formulas(units, modules):
    cell, inputs = ClockworkCell(units, [period for period, _ in modules]), cells.sequences(3, timesteps=19)
    found = cells.outputs(cells.network(cell), inputs)
    np.testing.assert_allclose(found, formulas(cells.named_weights(cell), modules, inputs), rtol=1e-5, atol=1e-5)


def test_a_module_keeps_its_output_until_its_period_comes_round():
    found = cells.outputs(cells.network(ClockworkCell(2, (1, 4))), cells.sequences(3, timesteps=12))
    slow = found[0, :, 1]
    assert len(set(found[0, :, 0])) == 12
    np.testing.assert_array_equal(slow, np.repeat(slow[::4], 4))


def test_a_faster_module_does_not_reach_a_slower_one():
    cell, inputs = ClockworkCell(4, (1, 2)), cells.sequences(3)
    model = cells.network(cell)
    before = cells.outputs(model, inputs)
    kernel, recurrent, bias = cell.get_weights()
    recurrent[:2, 2:] += 1
    cell.set_weights([kernel, recurrent, bias])
    np.testing.assert_array_equal(cells.outputs(model, inputs), before)


def test_the_clock_counts_only_timesteps_that_the_mask_lets_through():
    inputs = cells.sequences(3, batch=1, timesteps=6)
    with_pause = np.insert(inputs, [2, 4], 0, axis=1)
    model = cells.network(ClockworkCell(4, (1, 3)), return_sequences=False)
    masked = keras.Sequential([keras.Input((None, 3)), keras.layers.Masking(), *model.layers])
    np.testing.assert_allclose(cells.outputs(masked, with_pause), cells.outputs(model, inputs), rtol=1e-6)


def test_it_computes_in_float32_below_a_mixed_precision_policy():
    inputs = cells.sequences(3)
    wanted = cells.outputs(cells.network(ClockworkCell(4)), inputs)
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        found = cells.outputs(cells.network(ClockworkCell(4, dtype="float32"), dtype="float32"), inputs)
    finally:
        keras.config.set_dtype_policy("float32")
    np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-5)
