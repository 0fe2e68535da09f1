# SPDX-License-Identifier: Apache-2.0
"""What all cells share: units, initializers and regularizers, the initial state, the config."""

from numbers import Integral

import keras
from keras import initializers, ops, regularizers

register = keras.saving.register_keras_serializable(package="streamcell")


def whole_number(owner, name, value, least=1):
    """`value` as an int, if it is a whole number of at least `least`."""
    if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
        raise ValueError(
            f"{owner}: {name} must be a whole number of at least {least}, got {value!r}; "
            "likely cause: a number computed with / instead of //, or an argument in the wrong place"
        )
    return int(value)


def choice(owner, name, value, allowed):
    """The one of `allowed` that `value` is."""
    if isinstance(value, bool) or value not in allowed:
        raise ValueError(
            f"{owner}: {name} must be one of {', '.join(map(repr, allowed))}, got {value!r}; "
            "likely cause: a misspelt name, or a number in place of a text"
        )
    return allowed[allowed.index(value)]


class Cell(keras.layers.Layer):
    """The base of the cells.

    A cell takes inputs (batch, features) and a list of states, each (batch, its entry of `state_size`), and returns the
    output (batch, units) and the list of new states. A subclass sets `state_size` and adds its weights in
    `create_weights`; their order there is their order in a saved file.

    Every cell takes, by name, kernel_initializer, recurrent_initializer, bias_initializer, and kernel_regularizer,
    recurrent_regularizer, bias_regularizer, as Keras's own cells do, and the arguments of `keras.layers.Layer`.
    """

    INITIALIZERS = {
        "kernel_initializer": "glorot_uniform",
        "recurrent_initializer": "orthogonal",
        "bias_initializer": "zeros",
    }
    REGULARIZERS = ("kernel_regularizer", "recurrent_regularizer", "bias_regularizer")

    def __init__(self, units, **kwargs):
        chosen = {name: kwargs.pop(name, default) for name, default in self.INITIALIZERS.items()}
        penalties = {name: kwargs.pop(name, None) for name in self.REGULARIZERS}
        super().__init__(**kwargs)
        self.units = self.output_size = whole_number(type(self).__name__, "units", units)
        for name, initializer in chosen.items():
            setattr(self, name, initializers.get(initializer))
        for name, regularizer in penalties.items():
            setattr(self, name, regularizers.get(regularizer))

    def build(self, input_shape):
        if input_shape[-1] is None:
            raise ValueError(
                f"{type(self).__name__}: the number of features must be known, got inputs of shape "
                f"{tuple(input_shape)}; likely cause: an Input whose last dimension is None"
            )
        self.create_weights(input_shape[-1])

    def add_input_weights(self, name, shape):
        return self.add_weight(
            name=name, shape=shape, initializer=self.kernel_initializer, regularizer=self.kernel_regularizer
        )

    def add_recurrent_weights(self, name, shape):
        return self.add_weight(
            name=name, shape=shape, initializer=self.recurrent_initializer, regularizer=self.recurrent_regularizer
        )

    def add_bias(self, name, shape, initializer=None):
        initializer = initializer or self.bias_initializer
        return self.add_weight(name=name, shape=shape, initializer=initializer, regularizer=self.bias_regularizer)

    def get_initial_state(self, batch_size=None):
        """Zeros, the state before a stream's first timestep."""
        return [ops.zeros((batch_size, size), dtype=self.compute_dtype) for size in self.state_size]

    def get_config(self):
        """The config; how to train stands in it only where it differs from the default: scoring has no use for it."""
        config = {**super().get_config(), "units": self.units}
        for name, default in self.INITIALIZERS.items():
            chosen = initializers.serialize(getattr(self, name))
            if chosen != initializers.serialize(initializers.get(default)):
                config[name] = chosen
        for name in self.REGULARIZERS:
            if getattr(self, name) is not None:
                config[name] = regularizers.serialize(getattr(self, name))
        return config


class ForgetGateCell(Cell):
    """A cell with LSTM gates in the order i f c o, and with gates that see the memory c through weights of each unit.

    `unit_forget_bias` starts the forget gate's bias at one, as Keras's LSTM does: a new cell remembers.
    `peephole_initializer` is for the weights between c and the gates. At zero a new cell is the familiar LSTM; they
    still learn, since their gradient is c, which is not zero.
    """

    INITIALIZERS = {**Cell.INITIALIZERS, "peephole_initializer": "zeros"}

    def __init__(self, units, *, unit_forget_bias=True, **kwargs):
        super().__init__(units, **kwargs)
        self.unit_forget_bias = bool(unit_forget_bias)

    def add_peephole(self, name, shape):
        return self.add_weight(name=name, shape=shape, initializer=self.peephole_initializer)

    def add_gate_bias(self, name):
        return self.add_bias(name, (4 * self.units,), self._open_forget_gate if self.unit_forget_bias else None)

    def _open_forget_gate(self, shape, dtype=None):
        i, _, c, o = ops.split(self.bias_initializer(shape, dtype=dtype), 4)
        return ops.concatenate([i, ops.ones_like(i), c, o])

    def get_config(self):
        return {**super().get_config(), **({} if self.unit_forget_bias else {"unit_forget_bias": False})}
