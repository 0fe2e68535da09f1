package io.streamcell.models;

import io.streamcell.models.keras.KerasReader;
import io.streamcell.models.keras.LegacyReader;
import io.streamcell.models.onnx.OnnxReader;
import io.streamcell.models.torch.DescriptionReader;
import java.io.IOException;
import java.nio.file.FileSystemException;
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
        return guarded(file, Models::namesBeside);
    }

    private static List<String> namesBeside(Path file) throws IOException {
        String name = file.getFileName().toString();
        List<String> names =
                name.endsWith(".json")
                        ? List.of(DescriptionReader.weights(file).getFileName().toString())
                        : name.endsWith(".onnx") ? OnnxReader.beside(file) : List.of();
        for (String beside : names) {
            if (!beside.equals(Path.of(beside).getFileName().toString())) {
                throw new UnsupportedModelException(
                        "the weights of %s must be in files beside it, got %s"
                                .formatted(name, beside));
            }
        }
        return names;
    }

    /**
     * Reads a model file.
     *
     * @throws UnsupportedModelException if it is not a model that can be scored
     * @throws IOException if there is no such file, or it cannot be read
     */
    public static Network read(Path file) throws IOException {
        return guarded(file, whole -> reader(whole.getFileName().toString()).read(whole));
    }

    /** What is made of a file. */
    private interface Reader<T> {
        T read(Path file) throws IOException;
    }

    /** What a damaged file does to its reader cannot all be foreseen. */
    private static <T> T guarded(Path file, Reader<T> reader) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new IOException("a model must be a file, got nothing at " + file);
        }
        try {
            return reader.read(file);
        } catch (UnsupportedModelException | FileSystemException e) {
            throw e;
        } catch (OutOfMemoryError e) {
            throw new UnsupportedModelException(
                    "a model must fit into memory, got %s, which needs more than the %d MB that Java may use; is it damaged, or is -Xmx too small?"
                            .formatted(file.getFileName(), Runtime.getRuntime().maxMemory() >> 20),
                    e);
        } catch (RuntimeException | StackOverflowError | IOException e) {
            throw new UnsupportedModelException(
                    "a model file must be whole and consistent, got %s (%s); was it copied whole?"
                            .formatted(file.getFileName(), e),
                    e);
        }
    }

    private static Reader<Network> reader(String name) {
        if (name.endsWith(".keras")) {
            return KerasReader::read;
        } else if (name.endsWith(".h5") || name.endsWith(".hdf5")) {
            return LegacyReader::read;
        } else if (name.endsWith(".onnx")) {
            return OnnxReader::read;
        } else if (name.endsWith(".json")) {
            return DescriptionReader::read;
        }
        throw new UnsupportedModelException(
                "a model must be a .keras, .h5, .onnx or .json file, got " + name);
    }
}
