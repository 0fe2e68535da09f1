package io.streamcell.models.keras;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamcell.models.Network;
import io.streamcell.models.UnsupportedModelException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Reads a {@code .keras} file of Keras 3. */
public final class KerasReader {
    private static final int MAX_CONFIG_BYTES = 64 << 20;
    private static final long SMALL_BYTES = 64 << 20;
    private static final long MOST_TIMES_PACKED = 20;

    private KerasReader() {}

    /**
     * Reads the network. The weights are read one dataset at a time from an unpacked copy on disk,
     * so that a large model needs memory for its weights and one dataset.
     *
     * @throws UnsupportedModelException if the file is damaged or holds what cannot be scored
     * @throws IOException if the file cannot be read
     */
    public static Network read(Path file) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            ZipEntry config = entry(zip, "config.json", file);
            ZipEntry weights = entry(zip, "model.weights.h5", file);
            JsonNode saved = json(zip, config, file);
            Path unpacked = Files.createTempFile("streamcell", ".h5");
            try {
                unpack(zip, weights, file, unpacked);
                if (saved.toString().contains("bfloat16")) {
                    RawDatasets.makeReadable(unpacked);
                }
                try (WeightFile values = WeightFile.open(unpacked)) {
                    return GraphReader.read(saved, layers -> GroupWeights.root(values, layers));
                }
            } finally {
                Files.deleteIfExists(unpacked);
            }
        } catch (ZipException e) {
            throw new UnsupportedModelException(
                    "a .keras file must be a zip archive, got %s: %s; was it saved by Keras 3 and copied whole?"
                            .formatted(file.getFileName(), e.getMessage()),
                    e);
        }
    }

    /** Keras stores weights as they are, and what is packed much smaller is no weights. */
    private static void unpack(ZipFile zip, ZipEntry weights, Path file, Path unpacked)
            throws IOException {
        long most = SMALL_BYTES + MOST_TIMES_PACKED * Files.size(file);
        try (InputStream stream = zip.getInputStream(weights);
                OutputStream copy = Files.newOutputStream(unpacked)) {
            byte[] buffer = new byte[1 << 16];
            long bytes = 0;
            for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
                bytes += read;
                if (bytes > most) {
                    throw new UnsupportedModelException(
                            "model.weights.h5 must be at most %d bytes in a file of %d, got more in %s; is it a model?"
                                    .formatted(most, Files.size(file), file.getFileName()));
                }
                copy.write(buffer, 0, read);
            }
        }
    }

    private static ZipEntry entry(ZipFile zip, String name, Path file) {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            throw new UnsupportedModelException(
                    "a .keras file must hold %s, got none in %s; was it saved by Keras 3?"
                            .formatted(name, file.getFileName()));
        }
        return entry;
    }

    private static JsonNode json(ZipFile zip, ZipEntry entry, Path file) throws IOException {
        try (InputStream stream = zip.getInputStream(entry)) {
            byte[] bytes = stream.readNBytes(MAX_CONFIG_BYTES + 1);
            if (bytes.length > MAX_CONFIG_BYTES) {
                throw new UnsupportedModelException(
                        "config.json must be at most 64 MB, got more in " + file.getFileName());
            }
            return new ObjectMapper().readTree(bytes);
        } catch (com.fasterxml.jackson.core.JacksonException e) {
            throw new UnsupportedModelException(
                    "config.json must be JSON, got %s in %s"
                            .formatted(e.getOriginalMessage(), file.getFileName()),
                    e);
        }
    }
}
