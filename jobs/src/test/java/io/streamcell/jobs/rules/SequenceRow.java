package io.streamcell.jobs.rules;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.streamcell.operators.ScoringOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.Configuration;

/**
 * A row of {@code sequence-rules.txt}, which says how it is written.
 *
 * @param records what comes out in the stream's order
 * @param rejected the reasons of rejections
 */
record SequenceRow(
        String title,
        Setting setting,
        List<String> events,
        List<String> records,
        List<String> rejected) {
    private static final Path TABLE = Path.of("src/test/resources/sequence-rules.txt");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int FEATURES = 5;

    /** What rows must have in common to be scored by one job. */
    record Setting(Map<String, String> options, List<String> control) {
        Setting() {
            this(new TreeMap<>(), new ArrayList<>());
        }

        Configuration configuration() {
            Configuration configuration = new Configuration();
            configuration.set(ScoringOptions.MODEL_URI, model("default"));
            options.forEach(
                    (key, value) ->
                            configuration.setString(
                                    key, key.endsWith(".uri") ? model(value) : value));
            return configuration;
        }

        List<byte[]> controlEvents() throws IOException {
            List<byte[]> events = new ArrayList<>();
            for (String event : control) {
                ObjectNode tree = (ObjectNode) JSON.readTree(event);
                if (tree.has("uri")) {
                    tree.put("uri", model(tree.get("uri").asText()));
                }
                events.add(JSON.writeValueAsBytes(tree));
            }
            return events;
        }
    }

    static List<SequenceRow> all() throws IOException {
        List<SequenceRow> rows = new ArrayList<>();
        for (String line : Files.readAllLines(TABLE)) {
            if (line.startsWith("# ")) {
                rows.add(
                        new SequenceRow(
                                line.substring(2),
                                new Setting(),
                                new ArrayList<>(),
                                new ArrayList<>(),
                                new ArrayList<>()));
            } else if (!rows.isEmpty() && !line.isEmpty()) {
                rows.get(rows.size() - 1).add(line);
            }
        }
        return rows;
    }

    private void add(String line) {
        if (line.startsWith("> rejected ")) {
            rejected.add(line.substring("> rejected ".length()));
        } else if (line.startsWith("> ")) {
            records.add(line.substring("> ".length()));
        } else if (line.startsWith("control ")) {
            setting.control().add(line.substring("control ".length()));
        } else if (line.startsWith("{")) {
            events.add(line);
        } else {
            String[] option = line.split(": ", 2);
            setting.options().put(option[0], option[1]);
        }
    }

    /** The row's events as those of a stream, in JSON. */
    List<byte[]> eventsOf(String stream) throws IOException {
        List<byte[]> records = new ArrayList<>();
        for (String event : events) {
            ObjectNode tree = (ObjectNode) JSON.readTree(event);
            tree.put("stream", stream);
            if (tree.path("values").isTextual()) {
                tree.set("values", values(tree.get("values").asText()));
            }
            records.add(JSON.writeValueAsBytes(tree));
        }
        return records;
    }

    /**
     * The timesteps of ranges, such as {@code 0-4 9-10}, as rows of features, which are written so
     * that they read back to the same numbers.
     */
    static ArrayNode values(String ranges) {
        ArrayNode rows = JSON.createArrayNode();
        for (String range : ranges.split(" ")) {
            String[] ends = range.split("-");
            for (int timestep = Integer.parseInt(ends[0]);
                    timestep <= Integer.parseInt(ends[1]);
                    timestep++) {
                ArrayNode row = rows.addArray();
                for (int k = 0; k < FEATURES; k++) {
                    row.add((timestep * 31 + k * 17) % 23 / 8f - 1);
                }
            }
        }
        return rows;
    }

    static byte[] chunk(String stream, String ranges) throws IOException {
        ObjectNode event = JSON.createObjectNode().put("stream", stream);
        event.set("values", values(ranges));
        return JSON.writeValueAsString(event).getBytes(StandardCharsets.UTF_8);
    }

    /** The model file that a row calls default or v2. */
    static String model(String name) {
        String folder = name.equals("default") ? "lstm-sequences" : "lstm-dropout";
        return Path.of("../models/src/test/golden", folder, "model.keras")
                .toAbsolutePath()
                .normalize()
                .toString();
    }

    @Override
    public String toString() {
        return title;
    }
}
