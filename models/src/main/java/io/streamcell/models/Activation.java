package io.streamcell.models;

import java.util.Locale;

/**
 * An activation function of Keras, with Keras's default constants. {@code docs/activations.md}
 * gives each formula and its order of operations.
 */
public enum Activation {
    LINEAR,
    RELU,
    RELU6,
    LEAKY_RELU,
    ELU,
    SELU,
    CELU,
    GELU,
    SILU,
    SIGMOID,
    HARD_SIGMOID,
    HARD_SILU,
    HARD_TANH,
    TANH,
    SOFTPLUS,
    SOFTSIGN,
    EXPONENTIAL,
    MISH,
    LOG_SIGMOID,
    SQUAREPLUS,
    SOFT_SHRINK,
    HARD_SHRINK,
    TANH_SHRINK,
    SPARSE_PLUS,
    SPARSE_SIGMOID,
    SOFTMAX,
    LOG_SOFTMAX,
    SPARSEMAX,
    GLU;

    /** Whether an output needs the whole last dimension, not one value alone. */
    public boolean rowwise() {
        return this == SOFTMAX || this == LOG_SOFTMAX || this == SPARSEMAX || this == GLU;
    }

    /**
     * The activation of a name in a Keras config.
     *
     * @throws UnsupportedModelException if Keras has no function of that name
     */
    public static Activation ofKeras(String name, String layer) {
        String canonical =
                switch (name) {
                    case "swish" -> "silu";
                    case "hard_swish" -> "hard_silu";
                    case "exp" -> "exponential";
                    default -> name;
                };
        for (Activation activation : values()) {
            if (activation.keras().equals(canonical)) {
                return activation;
            }
        }
        throw new UnsupportedModelException(
                "layer %s: activation must be one of Keras's own (linear, relu, tanh, ...), got %s"
                        .formatted(layer, name));
    }

    /** The name in a Keras config. */
    public String keras() {
        return name().toLowerCase(Locale.ROOT);
    }
}
