# SPDX-License-Identifier: Apache-2.0
"""The LSTM and its eight variants, each with one change, of "LSTM: A Search Space Odyssey"."""

from keras import ops

from streamcell.cell import ForgetGateCell, choice, register

VARIANTS = ("V", "NIG", "NFG", "NOG", "NIAF", "NOAF", "NP", "CIFG", "FGR")


@register
class LSTMVariantCell(ForgetGateCell):
    """LSTM with peepholes and its variants (Greff et al. 2015, arXiv 1503.04069).

    With x the inputs, s the logistic function, p the peephole weights:

        i = s(x Wi + h(t-1) Ri + p_i c(t-1) + bi)        c(t) = f c(t-1) + i tanh(x Wc + h(t-1) Rc + bc)
        f = s(x Wf + h(t-1) Rf + p_f c(t-1) + bf)        o = s(x Wo + h(t-1) Ro + p_o c(t) + bo)
                                                         h(t) = o tanh(c(t))

        V     as above                       NIAF  no tanh around the candidate
        NIG   i = 1                          NOAF  h(t) = o c(t)
        NFG   f = 1                          NP    no peepholes
        NOG   o = 1                          CIFG  f = 1 - i: input and forget gate coupled
        FGR   i, f, o also take (i, f, o)(t-1) times gate_recurrent_kernel: full gate recurrence

    `peepholes=False` takes the peepholes from any variant. A gate that a variant lacks keeps its weights, unused, so
    that all variants have the same shapes.

    Weights, in this order: kernel (features, 4 units), recurrent_kernel (units, 4 units), bias (4 units), columns
    i f c o; with peepholes, peephole (3, units), rows i f o; for FGR gate_recurrent_kernel (3 units, 3 units), rows
    i f o of the last timestep, columns i f o of this one.
    States: h, c; for FGR h, c, i, f, o. Each has `units` numbers and starts at zero.
    """

    def __init__(self, units, variant="V", peepholes=True, **kwargs):
        super().__init__(units, **kwargs)
        self.variant = choice("LSTMVariantCell", "variant", variant, VARIANTS)
        self.peepholes = bool(peepholes) and variant != "NP"
        self.state_size = [self.units] * (5 if variant == "FGR" else 2)

    def create_weights(self, features):
        units = self.units
        self.kernel = self.add_input_weights("kernel", (features, 4 * units))
        self.recurrent_kernel = self.add_recurrent_weights("recurrent_kernel", (units, 4 * units))
        self.bias = self.add_gate_bias("bias")
        if self.peepholes:
            self.peephole = self.add_peephole("peephole", (3, units))
        if self.variant == "FGR":
            self.gate_recurrent_kernel = self.add_recurrent_weights("gate_recurrent_kernel", (3 * units, 3 * units))

    def call(self, inputs, states):
        h, c, *last_gates = states
        sums = ops.matmul(inputs, self.kernel) + ops.matmul(h, self.recurrent_kernel) + self.bias
        i, f, candidate, o = ops.split(sums, 4, axis=-1)
        if last_gates:
            heard = ops.matmul(ops.concatenate(last_gates, axis=-1), self.gate_recurrent_kernel)
            i, f, o = (gate + more for gate, more in zip((i, f, o), ops.split(heard, 3, axis=-1)))
        if self.peepholes:
            i, f = i + self.peephole[0] * c, f + self.peephole[1] * c
        i = self._gate("NIG", i)
        f = 1.0 - i if self.variant == "CIFG" else self._gate("NFG", f)
        c = f * c + i * self._squashed("NIAF", candidate)
        if self.peepholes:
            o = o + self.peephole[2] * c
        o = self._gate("NOG", o)
        h = o * self._squashed("NOAF", c)
        return h, [h, c, i, f, o] if last_gates else [h, c]

    def _gate(self, variant_without, total):
        return ops.ones_like(total) if self.variant == variant_without else ops.sigmoid(total)

    def _squashed(self, variant_without, total):
        return total if self.variant == variant_without else ops.tanh(total)

    def get_config(self):
        return {**super().get_config(), "variant": self.variant, "peepholes": self.peepholes}
