package io.streamcell.kernels.graph;

import io.streamcell.kernels.functions.ElementFunctions;
import io.streamcell.models.ElementFunction;
import io.streamcell.models.RowLayer;

/** Layers that look at one row at a time, over all of them. */
final class RowSteps {
    private RowSteps() {}

    static Step of(RowLayer layer, Tensor input, Tensor output) {
        if (layer instanceof RowLayer.Elementwise elementwise) {
            return (rows, slab) -> {
                int count = rows.height(input.shape()) * input.width();
                System.arraycopy(input.values(), 0, output.values(), 0, count);
                for (ElementFunction function : elementwise.functions()) {
                    ElementFunctions.apply(function, output.values(), 0, count);
                }
            };
        } else if (layer instanceof RowLayer.PRelu prelu) {
            float[] alpha = prelu.alpha().values();
            return (rows, slab) -> {
                for (int k = 0; k < rows.height(input.shape()) * input.width(); k++) {
                    float x = input.values()[k];
                    output.values()[k] = x < 0 ? alpha[k % alpha.length] * x : x;
                }
            };
        } else if (layer instanceof RowLayer.Standardize standardize) {
            return (rows, slab) -> standardize(standardize, rows, input, output);
        } else if (layer instanceof RowLayer.Norm norm) {
            return (rows, slab) -> {
                int features = input.shape().features();
                int count = rows.height(input.shape()) * input.width();
                for (int at = 0; at < count; at += features) {
                    normalize(norm, input.values(), at, features, output.values());
                }
            };
        }
        return (rows, slab) -> rearrange((RowLayer.Rearrange) layer, rows, input, output);
    }

    private static void standardize(
            RowLayer.Standardize layer, Rows rows, Tensor input, Tensor output) {
        float[] mean = layer.mean().values();
        float[] deviation = layer.deviation().values();
        for (int k = 0; k < rows.height(input.shape()) * input.width(); k++) {
            int feature = k % mean.length;
            float x = input.values()[k];
            output.values()[k] =
                    layer.inverted()
                            ? mean[feature] + x * deviation[feature]
                            : (x - mean[feature]) / deviation[feature];
        }
    }

    /** Sums of squares are chains of fused multiply-adds in index order. */
    private static void normalize(
            RowLayer.Norm layer, float[] x, int at, int features, float[] to) {
        float mean = 0;
        if (layer.centered()) {
            for (int k = 0; k < features; k++) {
                mean += x[at + k];
            }
            mean /= features;
        }
        float squares = 0;
        for (int k = 0; k < features; k++) {
            float d = x[at + k] - mean;
            squares = Math.fma(d, d, squares);
        }
        float length;
        if (layer.scale() == null) {
            length = (float) Math.sqrt(squares);
            length = length < layer.epsilon() ? layer.epsilon() : length;
        } else {
            length = (float) Math.sqrt(squares / features + layer.epsilon());
        }
        for (int k = 0; k < features; k++) {
            float y = x[at + k] / length;
            to[at + k] = layer.scale() == null ? y : y * layer.scale().values()[k];
        }
    }

    private static void rearrange(
            RowLayer.Rearrange layer, Rows rows, Tensor input, Tensor output) {
        int[] places = layer.places();
        int height = rows.height(input.shape());
        if (places == null) {
            System.arraycopy(input.values(), 0, output.values(), 0, height * input.width());
            return;
        }
        for (int row = 0; row < height; row++) {
            for (int k = 0; k < places.length; k++) {
                output.values()[row * places.length + k] =
                        input.values()[row * input.width() + places[k]];
            }
        }
    }
}
