package io.streamcell.jobs.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamcell.jobs.formats.EventReader;
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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.flink.metrics.SimpleCounter;

/** Says what a row of the table expects, and what came out, in the same words. */
final class ExpectedRecords {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final Map<String, String> outputs = new HashMap<>();

    /** {@code 5+2 gap <- 0-4 9-10} with the outputs that it must have. */
    String expected(String record) throws Exception {
        String[] parts = record.split(" <- ");
        if (parts.length == 1) {
            return record;
        }
        String[] head = parts[0].split(" ");
        int count = Integer.parseInt(head[0].replaceAll(".*\\+", ""));
        String history = parts[1];
        String outputs = this.outputs.get(history);
        if (outputs == null) {
            outputs = run(history);
            this.outputs.put(history, outputs);
        }
        List<String> rows = rows(JSON.readTree(outputs));
        return parts[0] + " " + rows.subList(rows.size() - count, rows.size());
    }

    /** What a network without any rule makes of timesteps. */
    private static String run(String history) throws Exception {
        String model = history.startsWith("v2: ") ? "v2" : "default";
        ScoringOptions options = ScoringOptions.forModel(SequenceRow.model(model));
        try (Harness harness = Harness.ofFiles(options, 1, null)) {
            byte[] chunk = SequenceRow.chunk("a", history.replace("v2: ", ""));
            harness.send(reader(options).read(null, chunk, List.of(), null).event());
            harness.end();
            return tree(harness.records.get(0)).get("outputs").toString();
        }
    }

    static EventReader reader(ScoringOptions options) throws IOException {
        EventCheck check =
                EventCheck.of(ServedModel.of(options), options.value(ScoringOptions.MODEL_CARRY));
        return new JsonEventReader(check, new UnknownFields(new SimpleCounter()), FlatRow.NONE);
    }

    static JsonNode tree(OutputRecord record) throws IOException {
        return JSON.readTree(new JsonRecordWriter().write(record));
    }

    static JsonNode tree(byte[] record) throws IOException {
        return JSON.readTree(new String(record, StandardCharsets.UTF_8));
    }

    /** A record that came, in the words of the table. */
    static String found(JsonNode record) {
        List<String> flags = new ArrayList<>();
        record.path("flags").forEach(flag -> flags.add(flag.asText()));
        String flagged = flags.isEmpty() ? "" : " " + String.join(",", flags);
        if (record.path("event").asText().equals("state")) {
            return "state " + record.get("next").asText() + flagged;
        }
        List<String> rows = rows(record.get("outputs"));
        return record.get("start").asText() + "+" + rows.size() + flagged + " " + rows;
    }

    private static List<String> rows(JsonNode outputs) {
        return StreamSupport.stream(outputs.spliterator(), false).map(JsonNode::toString).toList();
    }
}
