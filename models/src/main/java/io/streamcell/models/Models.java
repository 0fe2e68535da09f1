package io.streamcell.models;

import io.streamcell.models.keras.KerasReader;
import io.streamcell.models.keras.LegacyReader;
import io.streamcell.models.onnx.OnnxReader;
import io.streamcell.models.torch.DescriptionReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads a saved model, by the ending of its file. */
public final class Models {
    private Models() {}

    /**
     * The names of the files beside a model file that it cannot be read without.
     *
     * @throws UnsupportedModelException if it is not a model that can be scored
     * @throws IOException if it cannot be read
     */
    public static List<String> beside(Path file) throws IOException {
        return file.toString().endsWith(".json")
                ? List.of(DescriptionReader.weights(file).getFileName().toString())
                : List.of();
    }

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
        if (name.endsWith(".h5") || name.endsWith(".hdf5")) {
            return LegacyReader.read(file);
        }
        if (name.endsWith(".onnx")) {
            return OnnxReader.read(file);
        }
        if (name.endsWith(".json")) {
            return DescriptionReader.read(file);
        }
        throw new UnsupportedModelException(
                "a model must be a .keras, .h5, .onnx or .json file, got " + name);
    }
}
