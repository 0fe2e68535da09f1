# SPDX-License-Identifier: Apache-2.0
"""A stack of LSTM cells whose memories are joined by gates, of "Depth-Gated Recurrent Neural Networks"."""

from keras import ops

from streamcell.cell import ForgetGateCell, register, whole_number


@register
class DepthGatedLSTMCells(ForgetGateCell):
    """A stack of `depth` LSTM cells with depth gates between them (Yao et al. 2015, arXiv 1508.03790).

    One cell to Keras: a depth gate needs the memory of the cell below at the same timestep, which a stack of separate
    cells does not pass on. Level n takes x, the inputs or the h(t) of the level below; c_below(t) is that level's:

        d = s(x Wd + u c(t-1) + l c_below(t) + bd)                       from the second level on
        c(t) = d c_below(t) + f c(t-1) + i tanh(x Wc + h(t-1) Rc + bc)   the first level: without its first term
        h(t) = o tanh(c(t))

    with i, f, o as in an LSTM without peepholes. The output is h(t) of the last level.

    Weights, level after level: kernel (features or units, 4 units), recurrent_kernel (units, 4 units), bias (4 units),
    columns i f c o; then, from the second level on, depth_kernel Wd (units, units), depth_upper u, depth_lower l,
    depth_bias bd (units each).
    States: h, c of the first level, h, c of the second and so on. Each has `units` numbers and starts at zero.
    """

    def __init__(self, units, depth=2, **kwargs):
        super().__init__(units, **kwargs)
        self.depth = whole_number("DepthGatedLSTMCells", "depth", depth)
        self.state_size = [self.units] * (2 * self.depth)

    def create_weights(self, features):
        units = self.units
        self.levels, self.depth_gates = [], []
        for n in range(self.depth):
            kernel = self.add_input_weights(f"kernel_{n}", (units if n else features, 4 * units))
            recurrent_kernel = self.add_recurrent_weights(f"recurrent_kernel_{n}", (units, 4 * units))
            self.levels.append([kernel, recurrent_kernel, self.add_gate_bias(f"bias_{n}")])
            if n:
                depth_kernel = self.add_input_weights(f"depth_kernel_{n}", (units, units))
                upper, lower = (self.add_peephole(f"depth_{end}_{n}", (units,)) for end in ("upper", "lower"))
                self.depth_gates.append([depth_kernel, upper, lower, self.add_bias(f"depth_bias_{n}", (units,))])

    def call(self, inputs, states):
        below, new_states = None, []
        for n, (kernel, recurrent_kernel, bias) in enumerate(self.levels):
            h, c = states[2 * n], states[2 * n + 1]
            sums = ops.matmul(inputs, kernel) + ops.matmul(h, recurrent_kernel) + bias
            i, f, candidate, o = ops.split(sums, 4, axis=-1)
            memory = ops.sigmoid(f) * c + ops.sigmoid(i) * ops.tanh(candidate)
            if n:
                memory = self._depth_gate(n, inputs, c, below) * below + memory
            h = ops.sigmoid(o) * ops.tanh(memory)
            new_states += [h, memory]
            inputs, below = h, memory
        return inputs, new_states

    def _depth_gate(self, n, inputs, upper, lower):
        depth_kernel, from_upper, from_lower, bias = self.depth_gates[n - 1]
        return ops.sigmoid(ops.matmul(inputs, depth_kernel) + from_upper * upper + from_lower * lower + bias)

    def get_config(self):
        return {**super().get_config(), "depth": self.depth}
