# SPDX-License-Identifier: Apache-2.0
"""What holds for every cell."""

import json

import keras
import numpy as np
import pytest

import cells
from streamcell import ClockworkCell, DepthGatedLSTMCells, LSTMVariantCell, MutCell

every_cell = pytest.mark.parametrize("make", cells.CELLS.values(), ids=cells.CELLS.keys())


@every_cell
def test_a_saved_network_loads_with_the_same_outputs(make, tmp_path):
    model, inputs = cells.network(make()), cells.sequences(3)
    model.save(tmp_path / "cell.keras")
    loaded = keras.saving.load_model(tmp_path / "cell.keras")
    np.testing.assert_array_equal(cells.outputs(loaded, inputs), cells.outputs(model, inputs))


@every_cell
def test_chunks_of_a_stateful_network_equal_the_whole_sequence(make):
    inputs = cells.sequences(3)
    whole = cells.outputs(cells.network(make()), inputs)
    stateful = cells.network(make(), batch=2, stateful=True)
    chunks = [cells.outputs(stateful, chunk) for chunk in np.split(inputs, [1, 3, 8], axis=1)]
    np.testing.assert_allclose(np.concatenate(chunks, axis=1), whole, rtol=1e-6, atol=1e-6)


@every_cell
def test_a_config_makes_the_same_cell_again(make):
    cell = make(kernel_initializer="ones", recurrent_regularizer=keras.regularizers.L2(0.25), name="named")
    again = type(cell).from_config(json.loads(json.dumps(cell.get_config())))
    assert again.get_config() == cell.get_config()
    assert again.state_size == cell.state_size
    assert isinstance(again.kernel_initializer, keras.initializers.Ones)
    assert again.recurrent_regularizer.l2 == 0.25
    assert again.bias_regularizer is None


@pytest.mark.parametrize(
    "cell, name, keys",
    [
        (LSTMVariantCell(4), "LSTMVariantCell", {"units": 4, "variant": "V", "peepholes": True}),
        (MutCell(np.int64(4)), "MutCell", {"units": 4, "variant": 1}),
        (DepthGatedLSTMCells(4), "DepthGatedLSTMCells", {"units": 4, "depth": 2}),
        (ClockworkCell(4), "ClockworkCell", {"units": 4, "periods": [1, 2, 4, 8]}),
    ],
)
def test_a_saved_cell_says_its_registered_name_and_its_own_keys_and_nothing_else(cell, name, keys):
    saved = keras.saving.serialize_keras_object(cell)
    assert saved["registered_name"] == f"streamcell>{name}"
    of_any_layer = keras.layers.Layer().get_config().keys()
    assert {key: value for key, value in saved["config"].items() if key not in of_any_layer} == keys


@every_cell
def test_a_new_cell_learns(make):
    keras.utils.set_random_seed(3)
    inputs = cells.sequences(3, batch=16)
    targets = np.cumsum(inputs, axis=1).mean(axis=2, keepdims=True)
    model = keras.Sequential(
        [keras.Input((None, 3)), keras.layers.RNN(make(), return_sequences=True), keras.layers.Dense(1)]
    )
    model.compile(keras.optimizers.Adam(0.02), "mse")
    before = model.evaluate(inputs, targets, verbose=0)
    model.fit(inputs, targets, epochs=40, batch_size=16, verbose=0)
    assert model.evaluate(inputs, targets, verbose=0) < 0.5 * before


@every_cell
def test_a_cell_can_stand_in_a_stack(make):
    inputs = cells.sequences(3)
    stacked = keras.Sequential([keras.Input((None, 3)), keras.layers.RNN([make(), MutCell(4)], return_sequences=True)])
    first, second = stacked.layers[0].cell.cells
    layers = keras.Sequential(
        [keras.Input((None, 3)), *(keras.layers.RNN(cell, return_sequences=True) for cell in (first, second))]
    )
    np.testing.assert_allclose(cells.outputs(stacked, inputs), cells.outputs(layers, inputs), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", [name for name in cells.CELLS if name != "clockwork"])
def test_a_mixed_precision_policy_computes_close_to_float32(name):
    inputs = cells.sequences(3)
    exact = cells.outputs(cells.network(cells.CELLS[name]()), inputs)
    mixed = cells.network(cells.CELLS[name](dtype="mixed_float16"), dtype="mixed_float16")
    assert {keras.backend.standardize_dtype(w.dtype) for w in mixed.weights} == {"float32"}
    np.testing.assert_allclose(cells.outputs(mixed, inputs).astype("float32"), exact, atol=0.02)
