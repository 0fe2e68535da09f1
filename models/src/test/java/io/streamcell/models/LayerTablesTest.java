package io.streamcell.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tables of layers in docs/layers.md: a class that is read is refused for what is missing here,
 * never for its name, and one that is refused is refused by its name.
 */
class LayerTablesTest {
    private static final Path DOCUMENT = Path.of("../docs/layers.md");
    private static final List<String> INSIDE =
            List.of("LSTMCell", "GRUCell", "SimpleRNNCell", "StackedRNNCells", "InputLayer");

    @TempDir Path folder;

    private static List<String> names(String chapter, String pattern) throws IOException {
        String document = Files.readString(DOCUMENT);
        int from = document.indexOf("\n## " + chapter);
        int to = document.indexOf("\n## ", from + 1);
        Matcher matcher = Pattern.compile(pattern).matcher(document.substring(from, to));
        List<String> names = new ArrayList<>();
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        assertThat(names).hasSizeGreaterThan(3);
        return names;
    }

    /** What a description of one such layer, without any weights, is refused for. */
    private String refusal(String kind, String property) throws IOException {
        Path file = folder.resolve("model.json");
        Files.writeString(
                file,
                """
                {"streamcell": 1, "weights": "model.safetensors", "layers": [
                 {"class": "torch.nn.Linear", "weights": "first"}, {"class": "%s", "weights": "x"%s}]}
                """
                        .formatted(kind, property));
        byte[] header =
                "{\"first.weight\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]}}"
                        .getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes =
                ByteBuffer.allocate(8 + header.length + 8).order(ByteOrder.LITTLE_ENDIAN);
        Files.write(
                folder.resolve("model.safetensors"),
                bytes.putLong(header.length).put(header).array());
        UnsupportedModelException refused =
                catchThrowableOfType(UnsupportedModelException.class, () -> Models.read(file));
        return refused == null ? "" : refused.getMessage();
    }

    @Test
    void layersOfKerasThatTheTableNamesAreRead() throws IOException {
        for (String kind : names("Keras", "\\| `(\\w+)` \\| yes \\|")) {
            if (!INSIDE.contains(kind)) {
                assertThat(refusal("keras.layers." + kind, ""))
                        .as(kind)
                        .doesNotContain("its class must be one of");
            }
        }
    }

    @Test
    void layersOfKerasThatTheDocumentRefusesAreRefusedByName() throws IOException {
        List<String> refused = names("Keras", "(?<=Refused: |, )`(\\w+)`(?=[,;])");
        assertThat(refused).hasSizeGreaterThan(60).contains("Lambda", "ConvLSTM1D", "Attention");
        for (String kind : refused) {
            assertThat(refusal("keras.layers." + kind, ""))
                    .as(kind)
                    .contains("its class must be one of")
                    .endsWith("; got " + kind);
        }
    }

    @Test
    void classesOfTorchThatTheTableNamesAreRead() throws IOException {
        for (String kind : names("PyTorch", "\\| `torch\\.nn\\.(\\w+)` \\| yes \\|")) {
            assertThat(refusal("torch.nn." + kind, "")).as(kind).doesNotContain("class must be");
        }
        assertThat(refusal("torch.nn.Conv2d", "")).contains("class must be");
    }

    @Test
    void cellsOfTheLiteratureThatTheTableNamesAreJudged() throws IOException {
        for (String cell :
                names("Cells of the literature", "\\| `(streamcell>\\w+)` \\| yes \\|")) {
            try (Stream<Path> models = Files.walk(Path.of("src/test/golden"))) {
                assertThat(models.filter(file -> file.endsWith("model.keras")))
                        .as(cell)
                        .anyMatch(file -> holds(file, cell));
            }
        }
    }

    private static boolean holds(Path model, String cell) {
        try {
            return Models.read(model).nodes().stream()
                    .map(Node::layer)
                    .filter(Recurrent.class::isInstance)
                    .flatMap(layer -> ((Recurrent) layer).cells().stream())
                    .anyMatch(found -> found.kind().equals(cell));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
