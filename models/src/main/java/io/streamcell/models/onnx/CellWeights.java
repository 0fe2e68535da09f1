package io.streamcell.models.onnx;

import io.streamcell.models.Weights;
import java.util.Arrays;
import java.util.List;

/**
 * The weights of one direction of a recurrent operator, in ONNX's layout.
 *
 * @param w {@code [directions, gates*units, features]}
 * @param r {@code [directions, gates*units, units]}
 * @param b {@code [directions, 2*gates*units]}, input biases then recurrent ones, or null
 * @param peepholes {@code [directions, 3*units]}, or null
 */
record CellWeights(int direction, int units, Tensor w, Tensor r, Tensor b, Tensor peepholes) {
    /**
     * Checks the weights of all directions.
     *
     * @param gates how many the operator has
     */
    static CellWeights of(OnnxNode node, Evaluation graph, int direction, int gates, int units) {
        int directions = RecurrentOperator.directions(node);
        Tensor w = graph.constant(node, 1);
        int features = w.dims().size() == 3 ? w.dims().get(2) : 0;
        check(node, "W", w, List.of(directions, gates * units, features));
        Tensor r = graph.constant(node, 2);
        check(node, "R", r, List.of(directions, gates * units, units));
        Tensor b = graph.optional(node, 3) == null ? null : graph.constant(node, 3);
        if (b != null) {
            check(node, "B", b, List.of(directions, 2 * gates * units));
        }
        boolean peeps = node.type().equals("LSTM") && graph.optional(node, 7) != null;
        Tensor p = peeps ? graph.constant(node, 7) : null;
        if (p != null) {
            check(node, "P", p, List.of(directions, 3 * units));
            p = p.allEqual(0) ? null : p;
        }
        return new CellWeights(direction, units, w, r, b, p);
    }

    private static void check(OnnxNode node, String name, Tensor array, List<Integer> dims) {
        if (!array.dims().equals(dims) || array.count() == 0) {
            throw node.refused("the shape of " + name, array.dims(), dims);
        }
    }

    int features() {
        return w.dims().get(2);
    }

    /** Values of one direction. */
    long count() {
        long all = (long) w.count() + r.count();
        all += (b == null ? 0 : b.count()) + (peepholes == null ? 0 : peepholes.count());
        return all / w.dims().get(0);
    }

    /** {@code [features, gates*units]}, of some gates. */
    Weights input(int... gates) {
        return transposed(w, gates);
    }

    /** {@code [units, gates*units]}, of some gates. */
    Weights recurrent(int... gates) {
        return transposed(r, gates);
    }

    private Weights transposed(Tensor array, int[] gates) {
        int rows = array.dims().get(2);
        int start = direction * array.dims().get(1) * rows;
        float[] from = array.asFloats();
        float[] to = new float[rows * gates.length * units];
        for (int row = 0; row < rows; row++) {
            for (int gate = 0; gate < gates.length; gate++) {
                for (int k = 0; k < units; k++) {
                    to[(row * gates.length + gate) * units + k] =
                            from[start + (gates[gate] * units + k) * rows + row];
                }
            }
        }
        return Weights.matrix(rows, gates.length * units, to);
    }

    Weights inputBias(int... gates) {
        return Weights.vector(biases(0, gates));
    }

    Weights recurrentBias(int... gates) {
        return Weights.vector(biases(1, gates));
    }

    /** The sum of both biases, of some gates. */
    Weights bias(int... gates) {
        float[] sum = biases(0, gates);
        float[] recurrent = biases(1, gates);
        for (int k = 0; k < sum.length; k++) {
            sum[k] += recurrent[k];
        }
        return Weights.vector(sum);
    }

    /** {@code [2, gates*units]}: the input's row, then the recurrent one. */
    Weights biases(int... gates) {
        float[] input = biases(0, gates);
        float[] both = Arrays.copyOf(input, 2 * input.length);
        System.arraycopy(biases(1, gates), 0, both, input.length, input.length);
        return Weights.matrix(2, input.length, both);
    }

    private float[] biases(int half, int[] gates) {
        float[] values = new float[gates.length * units];
        if (b != null) {
            int start = direction * b.dims().get(1) + half * (b.dims().get(1) / 2);
            for (int gate = 0; gate < gates.length; gate++) {
                System.arraycopy(
                        b.asFloats(), start + gates[gate] * units, values, gate * units, units);
            }
        }
        return values;
    }

    /** One peephole's weights. */
    float[] peephole(int place, int width) {
        int start = direction * peepholes.dims().get(1) + place * width;
        return Arrays.copyOfRange(peepholes.asFloats(), start, start + width);
    }
}
