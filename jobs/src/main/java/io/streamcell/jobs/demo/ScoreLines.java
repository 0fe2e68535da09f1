package io.streamcell.jobs.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;

/** What the demo reads of the scores that came out. */
public final class ScoreLines {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ScoreLines() {}

    /** Whose score a line is. */
    public static String stream(String line) {
        try {
            return JSON.readTree(line).path("stream").asText();
        } catch (IOException e) {
            throw new UncheckedIOException("a score must be JSON", e);
        }
    }

    static JsonNode read(byte[] value) {
        try {
            return JSON.readTree(value);
        } catch (IOException e) {
            throw new UncheckedIOException("a score must be JSON", e);
        }
    }

    static long start(byte[] value) {
        return read(value).path("start").asLong();
    }
}
