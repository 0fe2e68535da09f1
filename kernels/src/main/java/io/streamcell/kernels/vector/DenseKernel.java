package io.streamcell.kernels.vector;

import io.streamcell.kernels.Batch;
import io.streamcell.kernels.HostSlab;
import io.streamcell.models.Activation;
import io.streamcell.models.Dense;
import io.streamcell.models.Node;

/** A Dense layer: a product from the bias, then the activation, some rows at a time. */
final class DenseKernel implements LayerKernel {
    private static final int ROWS = 96;

    private final int input;
    private final int output;
    private final int features;
    private final int units;
    private final int kept;
    private final Activation activation;
    private final PanelMatrix weights;
    private final float[] bias;
    private final float[] sums;

    DenseKernel(Dense layer, Node node) {
        input = node.input();
        output = node.output();
        features = layer.weights().rows();
        units = layer.units();
        activation = layer.activation();
        kept = activation == Activation.GLU ? units / 2 : units;
        weights = new PanelMatrix(layer.weights(), 0, 1, units);
        bias = layer.bias().values();
        sums = new float[ROWS * weights.columns()];
    }

    @Override
    public void run(Tensors tensors, HostSlab slab, Batch batch) {
        float[] x = tensors.values(input);
        float[] y = tensors.values(output);
        int rows = tensors.height(input) * tensors.shape(input).width() / features;
        int stride = weights.columns();
        for (int first = 0; first < rows; first += ROWS) {
            int count = Math.min(ROWS, rows - first);
            for (int row = 0; row < count; row++) {
                System.arraycopy(bias, 0, sums, row * stride, units);
            }
            weights.multiply(x, first * features, features, count, sums, 0, stride);
            for (int row = 0; row < count; row++) {
                VectorFunctions.apply(activation, sums, row * stride, units);
                System.arraycopy(sums, row * stride, y, (first + row) * kept, kept);
            }
        }
    }
}
