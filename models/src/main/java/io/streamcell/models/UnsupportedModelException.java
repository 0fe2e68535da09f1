package io.streamcell.models;

/**
 * A saved model that cannot be read; the message names the layer, the property, and what is
 * supported. It is one line, whatever names the file holds.
 */
public final class UnsupportedModelException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private static final int MOST_CHARACTERS = 1000;

    public UnsupportedModelException(String message) {
        super(oneLine(message));
    }

    public UnsupportedModelException(String message, Throwable cause) {
        super(oneLine(message), cause);
    }

    private static String oneLine(String message) {
        String visible = message.replaceAll("\\p{C}", "?");
        return visible.length() <= MOST_CHARACTERS
                ? visible
                : visible.substring(0, MOST_CHARACTERS) + "...";
    }
}
