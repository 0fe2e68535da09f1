package io.streamcell.jobs.demo;

import io.streamcell.jobs.files.FileScoring;
import io.streamcell.jobs.json.FlatRow;
import io.streamcell.operators.ScoringOptions;
import io.streamcell.operators.ServedModel;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** What events give when nothing fails: scored from a file, by one subtask. */
public final class UndisturbedRun {
    private UndisturbedRun() {}

    /**
     * Scores events.
     *
     * @param events one JSON object each, all with their stream
     * @param folder for two files
     * @return each stream's records in order
     */
    public static Map<String, List<byte[]>> of(
            List<byte[]> events, Path folder, ScoringOptions scoring, Configuration cluster)
            throws Exception {
        Path input = folder.resolve("events.jsonl");
        Path output = folder.resolve("scores.jsonl");
        try (OutputStream file = Files.newOutputStream(input)) {
            for (byte[] event : events) {
                file.write(event);
                file.write('\n');
            }
        }
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(1, cluster);
        new FileScoring(input, FlatRow.NONE, output, null, null)
                .build(environment, ServedModel.of(scoring), scoring);
        environment.execute("undisturbed");
        Map<String, List<byte[]>> byStream = new HashMap<>();
        for (String line : Files.readAllLines(output)) {
            byStream.computeIfAbsent(ScoreLines.stream(line), stream -> new ArrayList<>())
                    .add(line.getBytes(StandardCharsets.UTF_8));
        }
        return byStream;
    }
}
