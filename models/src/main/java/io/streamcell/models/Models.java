package io.streamcell.models;

import io.streamcell.models.keras.KerasReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a saved model, by the ending of its file. */
public final class Models {
    private Models() {}

    /**
     * Reads a model file.
     *
     * @throws UnsupportedModelException if it is not a model that can be scored
     * @throws IOException if there is no such file, or it cannot be read
     */
    public static Network read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("a model must be a file, got nothing at " + file);
        }
        String name = file.getFileName().toString();
        if (name.endsWith(".keras")) {
            return KerasReader.read(file);
        }
        throw new UnsupportedModelException(
                "a model must be a .keras file as Keras 3 saves it, got " + name);
    }
}
