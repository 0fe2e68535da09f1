package io.streamcell.models.torch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamcell.models.Network;
import io.streamcell.models.UnsupportedModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads a {@code .json} description of a network and its safetensors file, which lies beside it.
 */
public final class DescriptionReader {
    private static final int MOST_BYTES = 64 << 20;

    private DescriptionReader() {}

    /**
     * The file of weights that a description names.
     *
     * @throws UnsupportedModelException if it is no description, or names a file elsewhere
     * @throws IOException if it cannot be read
     */
    public static Path weights(Path description) throws IOException {
        return weights(description, json(description));
    }

    private static Path weights(Path description, JsonNode saved) {
        String name = saved.path("weights").asText("");
        Path file = Path.of(name);
        if (name.isEmpty() || file.isAbsolute() || file.getNameCount() != 1 || name.equals("..")) {
            throw new UnsupportedModelException(
                    "weights of %s must name a safetensors file beside it, got %s"
                            .formatted(description.getFileName(), saved.path("weights")));
        }
        return description.resolveSibling(file);
    }

    private static JsonNode json(Path description) throws IOException {
        if (Files.size(description) > MOST_BYTES) {
            throw new UnsupportedModelException(
                    "a description must be at most 64 MB, got more in "
                            + description.getFileName());
        }
        try {
            JsonNode saved = new ObjectMapper().readTree(Files.readAllBytes(description));
            if (saved.path("streamcell").asInt() != 1) {
                throw new UnsupportedModelException(
                        "a description must begin with \"streamcell\": 1, got %s in %s"
                                .formatted(saved.path("streamcell"), description.getFileName()));
            }
            return saved;
        } catch (JsonProcessingException e) {
            throw new UnsupportedModelException(
                    "%s must be JSON, got: %s"
                            .formatted(description.getFileName(), e.getOriginalMessage()),
                    e);
        }
    }

    /**
     * Reads the network.
     *
     * @throws UnsupportedModelException if a file is damaged or holds what cannot be scored
     * @throws IOException if a file cannot be read
     */
    public static Network read(Path description) throws IOException {
        JsonNode saved = json(description);
        Path weights = weights(description, saved);
        if (!Files.isRegularFile(weights)) {
            throw new UnsupportedModelException(
                    "the weights of %s must be a file, got nothing at %s"
                            .formatted(description.getFileName(), weights));
        }
        try (Safetensors tensors = Safetensors.open(weights)) {
            return new DescribedNetwork(saved, tensors).network();
        }
    }
}
