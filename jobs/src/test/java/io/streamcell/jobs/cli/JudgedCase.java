package io.streamcell.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamcell.jobs.json.FlatRow;
import io.streamcell.jobs.json.JsonEventReader;
import io.streamcell.jobs.json.JsonRecordWriter;
import io.streamcell.jobs.json.UnknownFields;
import io.streamcell.operators.EventCheck;
import io.streamcell.operators.Harness;
import io.streamcell.operators.OutputRecord;
import io.streamcell.operators.ScoringOptions;
import io.streamcell.operators.ServedModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.SimpleCounter;

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

    /** The same, as the operator alone makes them, without a cluster. */
    Map<String, List<String>> run(String provider) throws Exception {
        ScoringOptions options = options().with(ScoringOptions.KERNEL_PROVIDER, provider);
        ServedModel model = ServedModel.of(options);
        JsonEventReader reader =
                new JsonEventReader(
                        EventCheck.of(model, options.value(ScoringOptions.MODEL_CARRY)),
                        new UnknownFields(new SimpleCounter()),
                        FlatRow.NONE);
        Map<String, List<String>> byStream = new HashMap<>();
        try (Harness harness = Harness.ofFiles(model, options, 1, null)) {
            for (String line : Files.readAllLines(folder.resolve("events.jsonl"))) {
                byte[] event = line.getBytes(StandardCharsets.UTF_8);
                harness.send(reader.read(null, event, List.of(), null).event());
            }
            harness.end();
            JsonRecordWriter writer = new JsonRecordWriter();
            for (OutputRecord record : harness.records) {
                byStream.computeIfAbsent(record.stream(), s -> new ArrayList<>())
                        .add(new String(writer.write(record), StandardCharsets.UTF_8).strip());
            }
        }
        return byStream;
    }

    /** What the call's options are, as the configuration of a job. */
    private ScoringOptions options() {
        Configuration configuration = new Configuration();
        configuration.set(
                ScoringOptions.MODEL_URI, folder.resolve(about.get("model").asText()).toString());
        List<String> given = new ArrayList<>();
        about.get("options").forEach(option -> given.add(option.asText()));
        for (int k = 0; k < given.size(); k += 2) {
            switch (given.get(k)) {
                case "--carry" -> configuration.setString("model.carry", given.get(k + 1));
                case "-D" -> {
                    String[] option = given.get(k + 1).split("=", 2);
                    configuration.setString(option[0], option[1]);
                }
                default -> throw new IllegalArgumentException(given.get(k));
            }
        }
        return ScoringOptions.of(configuration);
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
