package io.streamcell.kernels.functions;

import io.streamcell.models.ElementFunction;

/** The functions of {@link ElementFunction}, each in a fixed order of float32 operations. */
public final class ElementFunctions {
    private ElementFunctions() {}

    /** A function over {@code count} values in place. */
    public static void apply(ElementFunction function, float[] values, int from, int count) {
        if (function.kind() == ElementFunction.Kind.ACTIVATION) {
            Activations.apply(function.activation(), values, from, count);
            return;
        }
        for (int k = from; k < from + count; k++) {
            values[k] = apply(function, values[k]);
        }
    }

    private static float apply(ElementFunction function, float x) {
        float alpha = function.alpha();
        float beta = function.beta();
        return switch (function.kind()) {
            case ACTIVATION -> Activations.apply(function.activation(), x);
            case SCALE -> Math.fma(x, alpha, beta);
            case CLIP -> x < alpha ? alpha : beta < x ? beta : x;
            case LEAKY -> x < 0 ? alpha * x : x;
            case ABOVE -> x > alpha ? x : 0;
            case ELU -> x > 0 ? x : alpha * ExactFunctions.expm1(x);
            case COMPLEMENT -> 1 - x;
        };
    }
}
