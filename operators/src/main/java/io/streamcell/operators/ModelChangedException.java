package io.streamcell.operators;

/**
 * A job is restored with another model than the one that made its states, and may not. A
 * configuration error.
 */
public final class ModelChangedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ModelChangedException(String message) {
        super(message);
    }
}
