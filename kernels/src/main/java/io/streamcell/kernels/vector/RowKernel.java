package io.streamcell.kernels.vector;

import io.streamcell.kernels.Batch;
import io.streamcell.kernels.HostSlab;
import io.streamcell.models.Activate;
import io.streamcell.models.Activation;
import io.streamcell.models.BatchNormalization;
import io.streamcell.models.Concatenate;
import io.streamcell.models.Embedding;
import io.streamcell.models.Layer;
import io.streamcell.models.LayerNormalization;
import io.streamcell.models.Merge;
import io.streamcell.models.Network;
import io.streamcell.models.Node;

/**
 * The layers that look at one timestep at a time and have no product. Plain loops, which the
 * compiler vectorises.
 */
final class RowKernel implements LayerKernel {
    private final Layer layer;
    private final int[] inputs;
    private final int output;
    private final int width;
    private final int features;
    private float[] row = {};

    RowKernel(Network network, Node node) {
        layer = node.layer();
        inputs = node.inputs().stream().mapToInt(Integer::intValue).toArray();
        output = node.output();
        width = network.tensors().get(inputs[0]).width();
        features = network.tensors().get(inputs[0]).features();
        row = new float[features];
    }

    @Override
    public void run(Tensors tensors, HostSlab slab, Batch batch) {
        float[] x = tensors.values(inputs[0]);
        float[] y = tensors.values(output);
        int count = tensors.height(inputs[0]) * width;
        if (layer instanceof Embedding embedding) {
            embed(embedding, x, count, y);
        } else if (layer instanceof BatchNormalization normalization) {
            scale(normalization, x, count, y);
        } else if (layer instanceof LayerNormalization normalization) {
            for (int at = 0; at < count; at += features) {
                normalize(normalization, x, y, at);
            }
        } else if (layer instanceof Activate activate) {
            activate(activate.activation(), x, count, y);
        } else if (layer instanceof Merge) {
            add(tensors, y);
        } else if (layer instanceof Concatenate) {
            concatenate(tensors, y);
        } else {
            System.arraycopy(x, 0, y, 0, count);
        }
    }

    private static void embed(Embedding layer, float[] x, int count, float[] y) {
        float[] table = layer.table().values();
        int columns = layer.table().columns();
        for (int k = 0; k < count; k++) {
            System.arraycopy(table, ((int) x[k]) * columns, y, k * columns, columns);
        }
    }

    private void scale(BatchNormalization layer, float[] x, int count, float[] y) {
        float[] scale = layer.scale().values();
        float[] shift = layer.shift().values();
        for (int at = 0; at < count; at += features) {
            for (int k = 0; k < features; k++) {
                y[at + k] = Math.fma(x[at + k], scale[k], shift[k]);
            }
        }
    }

    private void normalize(LayerNormalization layer, float[] x, float[] y, int at) {
        float[] gamma = layer.gamma().values();
        float[] beta = layer.beta().values();
        float sum = 0;
        for (int k = 0; k < features; k++) {
            sum += x[at + k];
        }
        float mean = sum / features;
        float squares = 0;
        for (int k = 0; k < features; k++) {
            float d = x[at + k] - mean;
            squares = Math.fma(d, d, squares);
        }
        float root = (float) Math.sqrt(squares / features + layer.epsilon());
        for (int k = 0; k < features; k++) {
            y[at + k] = Math.fma((x[at + k] - mean) / root, gamma[k], beta[k]);
        }
    }

    private void activate(Activation activation, float[] x, int count, float[] y) {
        if (!activation.rowwise()) {
            System.arraycopy(x, 0, y, 0, count);
            VectorFunctions.apply(activation, y, 0, count);
            return;
        }
        int kept = activation == Activation.GLU ? features / 2 : features;
        for (int at = 0, to = 0; at < count; at += features, to += kept) {
            System.arraycopy(x, at, row, 0, features);
            VectorFunctions.apply(activation, row, 0, features);
            System.arraycopy(row, 0, y, to, kept);
        }
    }

    private void add(Tensors tensors, float[] y) {
        for (int k = 0; k < inputs.length; k++) {
            float[] x = tensors.values(inputs[k]);
            if (tensors.shape(output).timed() && !tensors.shape(inputs[k]).timed()) {
                addToEveryTimestep(tensors.axis(output), x, k == 0, y);
                continue;
            }
            int count = tensors.height(output) * width;
            if (k == 0) {
                System.arraycopy(x, 0, y, 0, count);
            } else {
                for (int at = 0; at < count; at++) {
                    y[at] += x[at];
                }
            }
        }
    }

    private void addToEveryTimestep(PackedRows axis, float[] x, boolean first, float[] y) {
        for (int t = 0; t < axis.steps(); t++) {
            for (int rank = 0; rank < axis.active(t); rank++) {
                int to = (axis.base(t) + rank) * width;
                int from = axis.row(rank) * width;
                for (int k = 0; k < width; k++) {
                    y[to + k] = first ? x[from + k] : y[to + k] + x[from + k];
                }
            }
        }
    }

    private void concatenate(Tensors tensors, float[] y) {
        int groups = tensors.height(output) * width / features;
        int stride = tensors.shape(output).features();
        int to = 0;
        for (int input : inputs) {
            float[] x = tensors.values(input);
            int columns = tensors.shape(input).features();
            for (int group = 0; group < groups; group++) {
                System.arraycopy(x, group * columns, y, group * stride + to, columns);
            }
            to += columns;
        }
    }
}
