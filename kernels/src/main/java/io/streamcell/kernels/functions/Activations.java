package io.streamcell.kernels.functions;

import io.streamcell.models.Activation;

/**
 * Keras's activation functions with Keras's default constants, each in a fixed order of float32
 * operations. {@code docs/activations.md} lists the formulas.
 */
@SuppressWarnings("FloatingPointLiteralPrecision")
public final class Activations {
    private static final float SELU_SCALE = 1.0507009873554805f;
    private static final float SELU_ALPHA = 1.6732632423543772f;

    private Activations() {}

    /**
     * One value through a function that needs no other.
     *
     * @throws IllegalArgumentException for one that is {@link Activation#rowwise}
     */
    public static float apply(Activation activation, float x) {
        return switch (activation) {
            case LINEAR -> x;
            case RELU -> x < 0 ? 0 : x;
            case RELU6 -> relu6(x);
            case LEAKY_RELU -> x < 0 ? 0.2f * x : x;
            case ELU, CELU -> x > 0 ? x : ExactFunctions.expm1(x);
            case SELU -> SELU_SCALE * (x > 0 ? x : SELU_ALPHA * ExactFunctions.expm1(x));
            case GELU -> ExactFunctions.gelu(x);
            case SILU -> x * ExactFunctions.sigmoid(x);
            case SIGMOID -> ExactFunctions.sigmoid(x);
            case HARD_SIGMOID -> relu6(x + 3) / 6;
            case HARD_SILU -> x * (relu6(x + 3) / 6);
            case HARD_TANH -> x < -1 ? -1 : x > 1 ? 1 : x;
            case TANH -> ExactFunctions.tanh(x);
            case SOFTPLUS -> ExactFunctions.softplus(x);
            case SOFTSIGN -> x / (Math.abs(x) + 1);
            case EXPONENTIAL -> ExactFunctions.exp(x);
            case MISH -> x * ExactFunctions.tanh(ExactFunctions.softplus(x));
            case LOG_SIGMOID -> -ExactFunctions.softplus(-x);
            case SQUAREPLUS -> (x + (float) Math.sqrt(x * x + 4)) / 2;
            case SOFT_SHRINK -> Math.abs(x) <= 0.5f ? 0 : x > 0 ? x - 0.5f : x + 0.5f;
            case HARD_SHRINK -> Math.abs(x) <= 0.5f ? 0 : x;
            case TANH_SHRINK -> x - ExactFunctions.tanh(x);
            case SPARSE_PLUS -> x <= -1 ? 0 : x < 1 ? (0.25f * (x + 1)) * (x + 1) : x;
            case SPARSE_SIGMOID -> x <= -1 ? 0 : x >= 1 ? 1 : 0.5f * (x + 1);
            case SOFTMAX, LOG_SOFTMAX, SPARSEMAX, GLU ->
                    throw new IllegalArgumentException(
                            activation.keras() + " needs a whole row, got one value");
        };
    }

    private static float relu6(float x) {
        return x < 0 ? 0 : x > 6 ? 6 : x;
    }

    /**
     * A function over {@code count} values in place; one that is rowwise takes them as one row. For
     * glu the first half holds the result.
     */
    public static void apply(Activation activation, float[] values, int from, int count) {
        switch (activation) {
            case LINEAR -> {}
            case SOFTMAX -> softmax(values, from, count);
            case LOG_SOFTMAX -> logSoftmax(values, from, count);
            case SPARSEMAX -> sparsemax(values, from, count);
            case GLU -> {
                int half = count / 2;
                for (int k = from; k < from + half; k++) {
                    values[k] *= ExactFunctions.sigmoid(values[k + half]);
                }
            }
            default -> {
                for (int k = from; k < from + count; k++) {
                    values[k] = apply(activation, values[k]);
                }
            }
        }
    }

    private static float greatest(float[] values, int from, int count) {
        float greatest = values[from];
        for (int k = from + 1; k < from + count; k++) {
            greatest = greatest < values[k] ? values[k] : greatest;
        }
        return greatest;
    }

    private static void softmax(float[] values, int from, int count) {
        float greatest = greatest(values, from, count);
        float sum = 0;
        for (int k = from; k < from + count; k++) {
            values[k] = ExactFunctions.exp(values[k] - greatest);
            sum += values[k];
        }
        for (int k = from; k < from + count; k++) {
            values[k] /= sum;
        }
    }

    private static void logSoftmax(float[] values, int from, int count) {
        float greatest = greatest(values, from, count);
        float sum = 0;
        for (int k = from; k < from + count; k++) {
            sum += ExactFunctions.exp(values[k] - greatest);
        }
        float log = ExactFunctions.log(sum);
        for (int k = from; k < from + count; k++) {
            values[k] = (values[k] - greatest) - log;
        }
    }

    /**
     * Martins and Astudillo 2016 (arXiv 1602.02068) in the form of Keras 3, whose threshold adds up
     * all partial sums of the support rather than taking the last. The values are taken in
     * descending order by selection, so that nothing is allocated: the next one is the greatest
     * that comes after the last taken, as often as it occurs.
     */
    private static void sparsemax(float[] values, int from, int count) {
        float sum = 0;
        float sums = 0;
        int support = 0;
        float last = 0;
        for (int taken = 0; taken < count; ) {
            float next = 0;
            int times = 0;
            for (int k = from; k < from + count; k++) {
                float x = values[k];
                if (taken > 0 && Float.compare(x, last) >= 0) {
                    continue;
                }
                int order = times == 0 ? 1 : Float.compare(x, next);
                next = order > 0 ? x : next;
                times = order > 0 ? 1 : order == 0 ? times + 1 : times;
            }
            for (; times > 0; times--) {
                taken++;
                sum += next;
                if (next - (sum - 1) / taken > 0) {
                    support++;
                    sums += sum;
                }
            }
            last = next;
        }
        // Without a support there was a NaN in the row, and all of it becomes one.
        float threshold = support == 0 ? Float.NaN : (sums - 1) / support;
        for (int k = from; k < from + count; k++) {
            float rest = values[k] - threshold;
            values[k] = rest < 0 ? 0 : rest;
        }
    }
}
