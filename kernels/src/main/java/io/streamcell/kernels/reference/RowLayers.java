package io.streamcell.kernels.reference;

import io.streamcell.kernels.functions.Activations;
import io.streamcell.models.Activate;
import io.streamcell.models.Activation;
import io.streamcell.models.BatchNormalization;
import io.streamcell.models.Concatenate;
import io.streamcell.models.Dense;
import io.streamcell.models.Embedding;
import io.streamcell.models.Layer;
import io.streamcell.models.LayerNormalization;
import io.streamcell.models.Merge;

/** The layers that look at one timestep at a time. */
final class RowLayers {
    private RowLayers() {}

    /**
     * What a layer reads.
     *
     * @param inputs each {@code [height, width]}, or {@code [1, width]} where broadcast
     * @param features the last dimension of each
     * @param width of a row of the first input
     */
    record Rows(float[][] inputs, int[] features, boolean[] broadcast, int width, int height) {}

    /** Writes {@code height} rows of the layer's output. */
    static void apply(Layer layer, Rows rows, float[] output) {
        float[] input = rows.inputs()[0];
        int count = rows.height() * rows.width();
        int features = rows.features()[0];
        if (layer instanceof Dense dense) {
            dense(dense, input, count / features, output);
        } else if (layer instanceof Embedding embedding) {
            int width = embedding.table().columns();
            for (int k = 0; k < count; k++) {
                System.arraycopy(
                        embedding.table().values(),
                        ((int) input[k]) * width,
                        output,
                        k * width,
                        width);
            }
        } else if (layer instanceof BatchNormalization normalization) {
            float[] scale = normalization.scale().values();
            float[] shift = normalization.shift().values();
            for (int k = 0; k < count; k++) {
                output[k] = Math.fma(input[k], scale[k % features], shift[k % features]);
            }
        } else if (layer instanceof LayerNormalization normalization) {
            for (int at = 0; at < count; at += features) {
                normalize(normalization, input, output, at);
            }
        } else if (layer instanceof Activate activate) {
            activate(activate.activation(), input, count, features, output);
        } else if (layer instanceof Merge) {
            add(rows, output);
        } else if (layer instanceof Concatenate) {
            concatenate(rows, output);
        } else {
            System.arraycopy(input, 0, output, 0, count);
        }
    }

    private static void dense(Dense layer, float[] input, int rows, float[] output) {
        int features = layer.weights().rows();
        int units = layer.units();
        float[] wide = new float[rows * units];
        for (int row = 0; row < rows; row++) {
            float[] y = layer.bias().values().clone();
            CellSteps.chain(y, input, row * features, layer.weights(), 0);
            System.arraycopy(y, 0, wide, row * units, units);
        }
        activate(layer.activation(), wide, wide.length, units, output);
    }

    private static void activate(
            Activation activation, float[] input, int count, int features, float[] output) {
        float[] row = new float[features];
        int kept = activation == Activation.GLU ? features / 2 : features;
        for (int at = 0, to = 0; at < count; at += features, to += kept) {
            System.arraycopy(input, at, row, 0, features);
            Activations.apply(activation, row, 0, features);
            System.arraycopy(row, 0, output, to, kept);
        }
    }

    private static void normalize(LayerNormalization layer, float[] input, float[] output, int at) {
        float[] gamma = layer.gamma().values();
        float[] beta = layer.beta().values();
        int n = gamma.length;
        float sum = 0;
        for (int k = 0; k < n; k++) {
            sum += input[at + k];
        }
        float mean = sum / n;
        float squares = 0;
        for (int k = 0; k < n; k++) {
            float d = input[at + k] - mean;
            squares = Math.fma(d, d, squares);
        }
        float root = (float) Math.sqrt(squares / n + layer.epsilon());
        for (int k = 0; k < n; k++) {
            output[at + k] = Math.fma((input[at + k] - mean) / root, gamma[k], beta[k]);
        }
    }

    private static void add(Rows rows, float[] output) {
        int width = rows.width();
        for (int k = 0; k < rows.inputs().length; k++) {
            for (int at = 0; at < rows.height() * width; at++) {
                float value = rows.inputs()[k][rows.broadcast()[k] ? at % width : at];
                output[at] = k == 0 ? value : output[at] + value;
            }
        }
    }

    private static void concatenate(Rows rows, float[] output) {
        int groups = rows.height() * rows.width() / rows.features()[0];
        int to = 0;
        for (int group = 0; group < groups; group++) {
            for (int k = 0; k < rows.inputs().length; k++) {
                int width = rows.features()[k];
                System.arraycopy(rows.inputs()[k], group * width, output, to, width);
                to += width;
            }
        }
    }
}
