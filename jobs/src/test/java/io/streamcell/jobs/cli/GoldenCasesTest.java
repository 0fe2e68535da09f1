package io.streamcell.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamcell.kernels.KernelProvider;
import io.streamcell.kernels.KernelProviders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Keras, PyTorch and ONNX Runtime said must come out, through the command line. */
class GoldenCasesTest {
    private static final Path GOLDEN = Path.of("../models/src/test/golden");
    private static final ObjectMapper JSON = new ObjectMapper();

    static Stream<Path> cases() throws IOException {
        try (Stream<Path> folders = Files.list(GOLDEN)) {
            return folders.filter(Files::isDirectory).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void scoresAreTheJudgesAndAllProvidersAgreeToTheByte(Path folder, @TempDir Path work)
            throws IOException {
        JsonNode about = JSON.readTree(folder.resolve("case.json").toFile());
        Path output = work.resolve("scores.jsonl");
        Map<String, List<String>> reference = score(folder, about, output, "reference");
        for (KernelProvider provider : KernelProviders.all()) {
            boolean another = !provider.name().equals("reference");
            if (another && provider.unavailable().isEmpty()) {
                assertThat(score(folder, about, output, provider.name())).isEqualTo(reference);
            }
        }
        Map<String, List<String>> expected = lines(folder.resolve("expected.jsonl"));
        assertThat(reference.keySet()).isEqualTo(expected.keySet());
        for (String stream : expected.keySet()) {
            assertThat(reference.get(stream)).hasSameSizeAs(expected.get(stream));
            for (int k = 0; k < expected.get(stream).size(); k++) {
                JsonNode wanted = JSON.readTree(expected.get(stream).get(k));
                JsonNode found = JSON.readTree(reference.get(stream).get(k));
                for (String field : List.of("start", "outputs", "next", "state")) {
                    assertClose(
                            found.path(field),
                            wanted.path(field),
                            about,
                            stream + " record " + k + " " + field);
                }
            }
        }
    }

    private static Map<String, List<String>> score(
            Path folder, JsonNode about, Path output, String provider) throws IOException {
        Path rejected = output.resolveSibling("rejected.jsonl");
        List<String> call =
                new ArrayList<>(
                        List.of(
                                "score",
                                "--model",
                                folder.resolve(about.get("model").asText()).toString(),
                                "--input",
                                folder.resolve("events.jsonl").toString(),
                                "--output",
                                output.toString(),
                                "--rejected",
                                rejected.toString(),
                                "--provider",
                                provider));
        about.get("options").forEach(option -> call.add(option.asText()));
        assertThat(Main.run(call.toArray(String[]::new))).isZero();
        assertThat(rejected).isEmptyFile();
        return lines(output);
    }

    private static Map<String, List<String>> lines(Path file) throws IOException {
        Map<String, List<String>> byStream = new HashMap<>();
        for (String line : Files.readAllLines(file)) {
            byStream.computeIfAbsent(
                            JSON.readTree(line).path("stream").asText(), s -> new ArrayList<>())
                    .add(line);
        }
        return byStream;
    }

    private static void assertClose(JsonNode found, JsonNode wanted, JsonNode about, String where) {
        assertThat(found.getNodeType().name().replace("MISSING", "NULL"))
                .as(where)
                .isEqualTo(wanted.getNodeType().name().replace("MISSING", "NULL"));
        assertThat(found.size()).as(where).isEqualTo(wanted.size());
        if (wanted.isNumber()) {
            double error = Math.abs(found.asDouble() - wanted.asDouble());
            double allowed =
                    about.get("absolute").asDouble()
                            + about.get("relative").asDouble() * Math.abs(wanted.asDouble());
            assertThat(error).as(where).isLessThanOrEqualTo(allowed);
        } else if (wanted.isArray()) {
            for (int k = 0; k < wanted.size(); k++) {
                assertClose(found.get(k), wanted.get(k), about, where + "[" + k + "]");
            }
        } else {
            wanted.properties()
                    .forEach(
                            e ->
                                    assertClose(
                                            found.path(e.getKey()),
                                            e.getValue(),
                                            about,
                                            where + "." + e.getKey()));
        }
    }
}
