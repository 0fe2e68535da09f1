package io.streamcell.models;

import java.nio.file.Path;

/** Reads a saved model, by the ending of its file. */
public final class Models {
    private Models() {}

    /**
     * Reads a model file.
     *
     * @throws UnsupportedModelException if it is not a model that can be scored
     */
    public static Network read(Path file) {
        if (file.toString().isEmpty()) {
            return null;
        }
        throw new UnsupportedModelException("no reader for " + file);
    }
}
