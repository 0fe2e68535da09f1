package io.streamcell.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A folder with a saved model, events, what must come out, and {@code case.json}: how to score it
 * and how close the numbers must be.
 */
record JudgedCase(Path folder, JsonNode about) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static JudgedCase of(Path folder) throws IOException {
        return new JudgedCase(folder, JSON.readTree(folder.resolve("case.json").toFile()));
    }

    /** Every stream's lines, as the command line writes them. */
    Map<String, List<String>> score(String provider, Path work) throws IOException {
        Path output = work.resolve("scores.jsonl");
        Path rejected = work.resolve("rejected.jsonl");
        List<String> call = new ArrayList<>(List.of("score", "--provider", provider));
        call.addAll(List.of("--model", folder.resolve(about.get("model").asText()).toString()));
        call.addAll(List.of("--input", folder.resolve("events.jsonl").toString()));
        call.addAll(List.of("--output", output.toString(), "--rejected", rejected.toString()));
        about.get("options").forEach(option -> call.add(option.asText()));
        assertThat(Main.run(call.toArray(String[]::new))).as("%s", folder).isZero();
        assertThat(rejected).isEmptyFile();
        return lines(output);
    }

    /** Compares scored lines with what must come out. */
    void check(Map<String, List<String>> scored) throws IOException {
        Map<String, List<String>> expected = lines(folder.resolve("expected.jsonl"));
        assertThat(scored.keySet()).isEqualTo(expected.keySet());
        for (String stream : expected.keySet()) {
            assertThat(scored.get(stream)).hasSameSizeAs(expected.get(stream));
            for (int k = 0; k < expected.get(stream).size(); k++) {
                JsonNode wanted = JSON.readTree(expected.get(stream).get(k));
                JsonNode found = JSON.readTree(scored.get(stream).get(k));
                for (String field : List.of("start", "outputs", "next", "state")) {
                    String where =
                            "%s, stream %s, record %d, %s"
                                    .formatted(folder.getFileName(), stream, k, field);
                    assertClose(found.path(field), wanted.path(field), where);
                }
            }
        }
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

    private void assertClose(JsonNode found, JsonNode wanted, String where) {
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
                assertClose(found.get(k), wanted.get(k), where + "[" + k + "]");
            }
        } else {
            wanted.properties()
                    .forEach(
                            e ->
                                    assertClose(
                                            found.path(e.getKey()),
                                            e.getValue(),
                                            where + "." + e.getKey()));
        }
    }
}
