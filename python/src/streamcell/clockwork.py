# SPDX-License-Identifier: Apache-2.0
"""Units that tick at different periods, of "A Clockwork RNN"."""

from collections.abc import Iterable

import numpy as np
from keras import ops

from streamcell.cell import Cell, register, whole_number


@register
class ClockworkCell(Cell):
    """Clockwork RNN (Koutnik et al. 2014, arXiv 1402.3511).

    The units fall into as many modules as there are periods; unit n belongs to module n g // units of g. A module
    computes a new output at the timesteps that its period divides, and keeps the last one between them:

        h(t) = tanh(x W + h(t-1) R + b)    where t mod period = 0, else h(t-1)

    R leads only from a module to itself and to faster ones; its part from faster to slower modules is ignored. t is 0
    at the first timestep of a stream and after a reset.

    Weights, in this order: kernel (features, units), recurrent_kernel (units, units), from row to column, bias (units).
    States: h (units), t (1). Both start at zero.
    """

    def __init__(self, units, periods=(1, 2, 4, 8), **kwargs):
        super().__init__(units, **kwargs)
        self.periods = _checked(periods, self.units)
        if self.compute_dtype not in ("float32", "float64"):
            raise ValueError(
                f"ClockworkCell: must compute in float32 or float64, got {self.compute_dtype}, whose whole numbers "
                "end too soon to count timesteps; likely cause: a global mixed precision policy. Give the cell and its "
                "RNN layer dtype='float32'"
            )
        self.state_size = [self.units, 1]

    def create_weights(self, features):
        units = self.units
        self.kernel = self.add_input_weights("kernel", (features, units))
        self.recurrent_kernel = self.add_recurrent_weights("recurrent_kernel", (units, units))
        self.bias = self.add_bias("bias", (units,))
        module = np.arange(units) * len(self.periods) // units
        self._hears = (module[:, None] >= module[None, :]).astype(self.compute_dtype)
        self._period_of_unit = np.array(self.periods, self.compute_dtype)[module]

    def call(self, inputs, states):
        h, t = states
        recurrent_kernel = self.recurrent_kernel * self._hears
        new = ops.tanh(ops.matmul(inputs, self.kernel) + ops.matmul(h, recurrent_kernel) + self.bias)
        due = ops.equal(ops.mod(t, self._period_of_unit), 0.0)
        h = ops.where(due, new, h)
        return h, [h, t + 1.0]

    def get_config(self):
        return {**super().get_config(), "periods": list(self.periods)}


def _checked(periods, units):
    if not isinstance(periods, Iterable):
        raise ValueError(
            f"ClockworkCell: periods must be a list of whole numbers, got {periods!r}; "
            "likely cause: the number of modules in place of their periods"
        )
    periods = tuple(whole_number("ClockworkCell", f"periods[{n}]", period) for n, period in enumerate(periods))
    if any(slower <= faster for faster, slower in zip(periods, periods[1:])):
        raise ValueError(
            f"ClockworkCell: periods must ascend, each above the one before, got {list(periods)}; "
            "likely cause: periods listed from slow to fast, or one listed twice"
        )
    if not 1 <= len(periods) <= units:
        raise ValueError(
            f"ClockworkCell: there must be from 1 to units = {units} periods, so that each has a unit, got "
            f"{len(periods)}: {list(periods)}; likely cause: an empty list, or units counted per module instead of in all"
        )
    return periods
