package io.streamcell.models;

import java.io.Serializable;

/**
 * What a chunk must bring.
 *
 * @param vocabulary how many token ids there are, 0 for an input of numbers
 */
public record NetworkInput(String name, Shape shape, int vocabulary) implements Serializable {
    private static final long serialVersionUID = 1;

    public boolean tokens() {
        return vocabulary > 0;
    }

    /** Whether all values for the other input are values for this, too. */
    boolean takesValuesOf(NetworkInput other) {
        return shape.equals(other.shape)
                && tokens() == other.tokens()
                && vocabulary >= other.vocabulary;
    }
}
