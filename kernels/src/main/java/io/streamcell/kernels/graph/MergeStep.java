package io.streamcell.kernels.graph;

import io.streamcell.kernels.HostSlab;
import io.streamcell.models.Merge;
import java.util.List;

/** Values combined element by element, from the first input to the last. */
final class MergeStep implements Step {
    private final Merge.Operation operation;
    private final Tensor[] inputs;
    private final Tensor output;
    // places[input][k]: where element k of a row comes from; null where it is k
    private final int[][] places;

    MergeStep(Merge.Operation operation, Tensor[] inputs, Tensor output) {
        this.operation = operation;
        this.inputs = inputs;
        this.output = output;
        this.places = new int[inputs.length][];
        for (int k = 0; k < inputs.length; k++) {
            if (!inputs[k].shape().dims().equals(output.shape().dims())) {
                places[k] = places(inputs[k].shape().dims(), output.shape().dims());
            }
        }
    }

    /** A dimension of 1, or one that is not there, is repeated. */
    private static int[] places(List<Integer> from, List<Integer> to) {
        int width = to.stream().reduce(1, (x, y) -> x * y);
        int[] places = new int[width];
        for (int k = 0; k < width; k++) {
            int rest = k;
            int stride = 1;
            for (int dim = to.size() - 1; dim >= 0; dim--) {
                int index = rest % to.get(dim);
                rest /= to.get(dim);
                int own = dim - to.size() + from.size();
                if (own >= 0) {
                    places[k] += from.get(own) == 1 ? 0 : index * stride;
                    stride *= from.get(own);
                }
            }
        }
        return places;
    }

    @Override
    public void run(Rows rows, HostSlab slab) {
        for (int row = 0; row < rows.count(); row++) {
            for (int t = 0; t < rows.length(output.shape(), row); t++) {
                int to = output.at(rows, row, t);
                for (int k = 0; k < inputs.length; k++) {
                    combine(k, inputs[k].at(rows, row, t), to);
                }
                if (operation == Merge.Operation.AVERAGE) {
                    for (int n = 0; n < output.width(); n++) {
                        output.values()[to + n] /= inputs.length;
                    }
                }
            }
        }
    }

    private void combine(int input, int from, int to) {
        float[] values = inputs[input].values();
        float[] result = output.values();
        for (int n = 0; n < output.width(); n++) {
            float y = values[from + (places[input] == null ? n : places[input][n])];
            result[to + n] = input == 0 ? y : combined(result[to + n], y);
        }
    }

    private float combined(float x, float y) {
        return switch (operation) {
            case ADD, AVERAGE -> x + y;
            case SUBTRACT -> x - y;
            case MULTIPLY -> x * y;
            case DIVIDE -> x / y;
            case MAXIMUM -> x < y ? y : x;
            case MINIMUM -> y < x ? y : x;
        };
    }
}
