# SPDX-License-Identifier: Apache-2.0
"""The three best cells of the search in "An Empirical Exploration of Recurrent Network Architectures"."""

from keras import ops

from streamcell.cell import Cell, choice, register


@register
class MutCell(Cell):
    """MUT1, MUT2 and MUT3 (Jozefowicz et al. 2015, PMLR 37, 2342-2350).

    With x the inputs, h = h(t-1), s the logistic function:

                 MUT1                  MUT2                     MUT3
        z =      s(x Wz + bz)          s(x Wz + h Rz + bz)      s(x Wz + tanh(h) Rz + bz)
        r =      s(x Wr + h Rr + br)   the same                 the same
        a =      tanh(x Wh)            x Wh                     x Wh
        h(t) =   z tanh((r h) Rh + a + bh) + (1 - z) h          in all three

    Where the paper has x itself, here x goes through a part of kernel; the identity there gives the paper's formula.
    MUT1 keeps Rz, unused.

    Weights, in this order: kernel (features, 3 units), recurrent_kernel (units, 3 units), bias (3 units), columns
    z r h. State: h, `units` numbers that start at zero.
    """

    def __init__(self, units, variant=1, **kwargs):
        super().__init__(units, **kwargs)
        self.variant = choice("MutCell", "variant", variant, (1, 2, 3))
        self.state_size = [self.units]

    def create_weights(self, features):
        units = self.units
        self.kernel = self.add_input_weights("kernel", (features, 3 * units))
        self.recurrent_kernel = self.add_recurrent_weights("recurrent_kernel", (units, 3 * units))
        self.bias = self.add_bias("bias", (3 * units,))

    def call(self, inputs, states):
        (h,) = states
        x_z, x_r, x_h = ops.split(ops.matmul(inputs, self.kernel), 3, axis=-1)
        to_z, to_r, to_h = ops.split(self.recurrent_kernel, 3, axis=-1)
        b_z, b_r, b_h = ops.split(self.bias, 3)
        if self.variant == 1:
            z = ops.sigmoid(x_z + b_z)
            x_h = ops.tanh(x_h)
        else:
            heard = ops.tanh(h) if self.variant == 3 else h
            z = ops.sigmoid(x_z + ops.matmul(heard, to_z) + b_z)
        r = ops.sigmoid(x_r + ops.matmul(h, to_r) + b_r)
        h = z * ops.tanh(ops.matmul(r * h, to_h) + x_h + b_h) + (1.0 - z) * h
        return h, [h]

    def get_config(self):
        return {**super().get_config(), "variant": self.variant}
