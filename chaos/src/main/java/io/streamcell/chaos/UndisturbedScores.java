package io.streamcell.chaos;

import io.streamcell.jobs.demo.ScoreLines;
import io.streamcell.jobs.files.FileScoring;
import io.streamcell.jobs.json.FlatRow;
import io.streamcell.operators.ScoringOptions;
import io.streamcell.operators.ServedModel;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * What a feed gives when nothing fails: scored from a file by one subtask, as {@code ./streamcell
 * score} does it, without Kafka and without a checkpoint.
 */
final class UndisturbedScores {
    private UndisturbedScores() {}

    /**
     * Scores a feed.
     *
     * @param folder for its files
     */
    static Records of(FeedSize size, Path folder, ScoringOptions scoring) throws Exception {
        Files.createDirectories(folder);
        Path events = folder.resolve("events.jsonl");
        Path scores = folder.resolve("scores.jsonl");
        Path rejected = folder.resolve("rejected.jsonl");
        Feed feed = new Feed(size);
        write(feed, events);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(1, new Configuration());
        new FileScoring(events, FlatRow.NONE, scores, rejected, null)
                .build(environment, ServedModel.of(scoring), scoring);
        environment.execute("undisturbed");
        Files.delete(events);
        return new Records(scores(scores, feed.byResetAll()), rejected(rejected));
    }

    private static void write(Feed feed, Path events) throws IOException {
        try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(events))) {
            while (feed.hasNext()) {
                for (byte[] line : feed.next().undisturbed()) {
                    file.write(line);
                    file.write('\n');
                }
            }
        }
    }

    private static Map<String, List<byte[]>> scores(Path file, Map<String, Boolean> byResetAll)
            throws IOException {
        Map<String, List<byte[]>> byStream = new HashMap<>();
        Map<String, Boolean> left = new HashMap<>(byResetAll);
        try (Stream<String> lines = Files.lines(file)) {
            lines.forEach(
                    line -> {
                        String stream = ScoreLines.stream(line);
                        Boolean alsoReset = left.remove(stream + "@" + start(line));
                        String said = alsoReset == null ? line : flagged(line, alsoReset);
                        byStream.computeIfAbsent(stream, name -> new ArrayList<>())
                                .add(said.getBytes(StandardCharsets.UTF_8));
                    });
        }
        if (!left.isEmpty()) {
            throw new IllegalStateException(
                    "a score must stand behind every reset of all streams, got none at "
                            + left.keySet().iterator().next());
        }
        return byStream;
    }

    /** The index of a score's first timestep as it is written; empty for a state. */
    private static String start(String line) {
        int from = line.indexOf("\"start\":");
        return from < 0 ? "" : line.substring(from + 8, line.indexOf(',', from));
    }

    /** A score that says reset where a reset was sent in the place of one of all streams. */
    private static String flagged(String line, boolean alsoReset) {
        int flags = line.lastIndexOf("\"flags\":[");
        int reset = flags < 0 ? -1 : line.indexOf("\"reset\"", flags);
        if (reset < 0) {
            throw new IllegalStateException("a score must be flagged reset, got " + line);
        }
        return line.substring(0, reset)
                + (alsoReset ? "\"reset\",\"reset-all\"" : "\"reset-all\"")
                + line.substring(reset + "\"reset\"".length());
    }

    private static Map<String, List<byte[]>> rejected(Path file) throws IOException {
        List<byte[]> records = new ArrayList<>();
        try (Stream<String> lines = Files.lines(file)) {
            lines.forEach(
                    line -> records.add(withoutOrigin(line.getBytes(StandardCharsets.UTF_8))));
        }
        return records.isEmpty() ? Map.of() : Map.of(Topics.REJECTED, records);
    }

    /** A rejected record without where it came from, which a file and a topic cannot have alike. */
    static byte[] withoutOrigin(byte[] record) {
        return new String(record, StandardCharsets.UTF_8)
                .replaceFirst(",\"origin\":\\{[^}]*}", "")
                .getBytes(StandardCharsets.UTF_8);
    }
}
