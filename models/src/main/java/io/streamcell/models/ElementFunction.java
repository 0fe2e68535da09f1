package io.streamcell.models;

/**
 * A function of one value, with its constants; {@code docs/activations.md} gives the order of
 * operations.
 *
 * @param activation for {@link Kind#ACTIVATION}, else {@link Activation#LINEAR}
 */
public record ElementFunction(Kind kind, Activation activation, float alpha, float beta) {
    /** What is computed of x. */
    public enum Kind {
        /** Keras's activation with its default constants; one that keeps each value's place. */
        ACTIVATION,
        /** {@code fma(x, alpha, beta)}. */
        SCALE,
        /** {@code x < alpha ? alpha : beta < x ? beta : x}. */
        CLIP,
        /** {@code x < 0 ? alpha*x : x}. */
        LEAKY,
        /** {@code x > alpha ? x : 0}. */
        ABOVE,
        /** {@code x > 0 ? x : alpha*expm1(x)}. */
        ELU,
        /** {@code 1 - x}. */
        COMPLEMENT
    }

    public static ElementFunction of(Activation activation) {
        return new ElementFunction(Kind.ACTIVATION, activation, 0, 0);
    }

    public static ElementFunction of(Kind kind, float alpha, float beta) {
        return new ElementFunction(kind, Activation.LINEAR, alpha, beta);
    }

    /** Whether x is given as it is. */
    public boolean identity() {
        return kind == Kind.ACTIVATION && activation == Activation.LINEAR;
    }

    void describe(CanonicalForm form) {
        form.text(kind.name()).text(activation.keras()).number(alpha).number(beta);
    }
}
