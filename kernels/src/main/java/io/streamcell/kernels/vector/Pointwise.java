package io.streamcell.kernels.vector;

import static io.streamcell.kernels.vector.Lanes.LENGTH;
import static io.streamcell.kernels.vector.Lanes.SPECIES;

import io.streamcell.kernels.functions.Activations;
import io.streamcell.kernels.functions.ElementFunctions;
import io.streamcell.models.Activation;
import io.streamcell.models.ElementFunction;
import jdk.incubator.vector.FloatVector;

/** Activation functions over padded rows: vectors for the common ones, one value at a time else. */
final class Pointwise {
    private Pointwise() {}

    /** A function with its constants over rows in place; the arrays are as {@link #activate}'s. */
    static void apply(ElementFunction function, float[] values, int from, int rows, int features) {
        switch (function.kind()) {
            case ACTIVATION -> activate(function.activation(), values, from, rows, features);
            case COMPLEMENT -> {
                FloatVector one = FloatVector.broadcast(SPECIES, 1);
                int to = from + rows * Lanes.padded(features);
                for (int k = from; k < to; k += LENGTH) {
                    one.sub(FloatVector.fromArray(SPECIES, values, k)).intoArray(values, k);
                }
            }
            default ->
                    ElementFunctions.apply(function, values, from, rows * Lanes.padded(features));
        }
    }

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
