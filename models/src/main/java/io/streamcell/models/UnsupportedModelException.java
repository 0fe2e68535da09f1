package io.streamcell.models;

/**
 * A saved model that cannot be read; the message names the layer, the property, and what is
 * supported.
 */
public final class UnsupportedModelException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UnsupportedModelException(String message) {
        super(message);
    }

    public UnsupportedModelException(String message, Throwable cause) {
        super(message, cause);
    }
}
