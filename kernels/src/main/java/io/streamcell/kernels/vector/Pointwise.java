package io.streamcell.kernels.vector;

import io.streamcell.kernels.functions.Activations;
import io.streamcell.models.Activation;

/** Activation functions over padded rows: vectors for the common ones, one value at a time else. */
final class Pointwise {
    private Pointwise() {}

    /**
     * A function over rows in place.
     *
     * @param values {@code [rows, padded features]} from {@code from}
     */
    static void activate(Activation activation, float[] values, int from, int rows, int features) {
        int stride = Lanes.padded(features);
        int to = from + rows * stride;
        switch (activation) {
            case LINEAR -> {}
            case TANH -> VectorFunctions.tanh(values, from, to);
            case SIGMOID -> VectorFunctions.sigmoid(values, from, to);
            case RELU -> VectorFunctions.relu(values, from, to);
            case EXPONENTIAL -> VectorFunctions.exp(values, from, to);
            case SILU -> VectorFunctions.silu(values, from, to);
            case GELU -> VectorFunctions.gelu(values, from, to);
            case ELU, CELU -> VectorFunctions.elu(values, from, to);
            case SOFTPLUS -> VectorFunctions.softplus(values, from, to);
            default -> {
                for (int at = from; at < to; at += stride) {
                    Activations.apply(activation, values, at, features);
                }
            }
        }
    }
}
