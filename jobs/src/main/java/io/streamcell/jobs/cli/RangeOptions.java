package io.streamcell.jobs.cli;

import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.jobs.replay.TopicPart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Option;

/** Which events a replay scores again. */
final class RangeOptions {
    @Option(
            names = "--since",
            paramLabel = "TIME",
            description =
                    "The first record's time, epoch milliseconds or 2026-11-26T07:00:00Z; of a file, the first event's.")
    private String since;

    @Option(names = "--until", paramLabel = "TIME", description = "The time behind the last.")
    private String until;

    @Option(
            names = "--from-offset",
            split = ",",
            paramLabel = "[PARTITION:]OFFSET",
            description = "The first record; of a file, the first line, counted from 1.")
    private List<String> from = new ArrayList<>();

    @Option(
            names = "--to-offset",
            split = ",",
            paramLabel = "[PARTITION:]OFFSET",
            description = "The record, or line, behind the last.")
    private List<String> to = new ArrayList<>();

    @Option(names = "--stream", paramLabel = "ID", description = "A stream; else all are.")
    private List<String> streams = new ArrayList<>();

    @Option(
            names = "--streams",
            paramLabel = "FILE",
            description = "A file with a stream's id on each line.")
    private Path streamsFile;

    /** As a part of the topic of events. */
    TopicPart part() {
        TopicPart part = new TopicPart(since(), until(), offsets(from), offsets(to));
        if (since != null && !from.isEmpty() || until != null && !to.isEmpty()) {
            throw new ConfigurationException(
                    "a bound of the range must be a time or an offset, got both");
        }
        return part;
    }

    Long since() {
        return time("--since", since);
    }

    Long until() {
        return time("--until", until);
    }

    private static Long time(String option, String text) {
        if (text == null) {
            return null;
        }
        try {
            return text.matches("-?\\d+")
                    ? Long.parseLong(text)
                    : Instant.parse(text).toEpochMilli();
        } catch (NumberFormatException | DateTimeParseException e) {
            throw new ConfigurationException(
                    "%s must be epoch milliseconds or a time like 2026-11-26T07:00:00Z, got %s"
                            .formatted(option, text),
                    e);
        }
    }

    private static Map<Integer, Long> offsets(List<String> texts) {
        Map<Integer, Long> offsets = new HashMap<>();
        for (String text : texts) {
            if (!text.matches("(\\d{1,9}:)?\\d{1,18}")) {
                throw new ConfigurationException(
                        "an offset must be a number, or partition:number, got " + text);
            }
            int colon = text.indexOf(':');
            int partition =
                    colon < 0 ? TopicPart.EVERY : Integer.parseInt(text.substring(0, colon));
            offsets.put(partition, Long.parseLong(text.substring(colon + 1)));
        }
        return offsets;
    }

    /** The first line of a file of events. */
    long firstLine() {
        return Math.max(1, offsets(from).getOrDefault(TopicPart.EVERY, 1L));
    }

    /** The line behind the last. */
    long endLine() {
        return offsets(to).getOrDefault(TopicPart.EVERY, Long.MAX_VALUE);
    }

    /** The streams; empty for all. */
    Set<String> streams() throws IOException {
        Set<String> named = new HashSet<>(streams);
        if (streamsFile != null) {
            if (!Files.isReadable(streamsFile) || Files.isDirectory(streamsFile)) {
                throw new ConfigurationException(
                        "--streams must be a readable file, got " + streamsFile);
            }
            Files.readAllLines(streamsFile).stream()
                    .filter(line -> !line.isBlank())
                    .forEach(named::add);
        }
        return named;
    }
}
