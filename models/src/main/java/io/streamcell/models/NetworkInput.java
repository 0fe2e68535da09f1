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
}
