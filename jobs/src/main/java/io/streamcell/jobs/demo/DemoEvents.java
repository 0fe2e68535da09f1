package io.streamcell.jobs.demo;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Cuts the series into chunks of varying length and mixes them, with a reset wherever a series has
 * a gap.
 */
final class DemoEvents {
    private static final JsonFactory JSON =
            JsonFactory.builder().enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER).build();
    private static final int LONGEST_CHUNK = 40;

    private DemoEvents() {}

    /**
     * A record to send.
     *
     * @param start of a chunk; -1 for a reset
     */
    record Event(String stream, long start, int timesteps, byte[] json) {}

    /** The same events for the same seed. */
    static List<Event> of(List<Series> all, long seed) throws IOException {
        Random random = new Random(seed);
        int[] next = new int[all.size()];
        List<Integer> open = new ArrayList<>();
        for (int k = 0; k < next.length; k++) {
            open.add(k);
        }
        List<Event> events = new ArrayList<>();
        while (!open.isEmpty()) {
            int chosen = open.get(random.nextInt(open.size()));
            Series series = all.get(chosen);
            int from = next[chosen];
            if (series.gapBefore(from)) {
                events.add(reset(series.name()));
            }
            int end = Math.min(series.rows(), from + 1 + random.nextInt(LONGEST_CHUNK));
            int to = from + 1;
            while (to < end && !series.gapBefore(to)) {
                to++;
            }
            events.add(chunk(series, from, to));
            next[chosen] = to;
            if (to == series.rows()) {
                open.remove((Integer) chosen);
            }
        }
        return events;
    }

    private static Event reset(String stream) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("stream", stream);
            json.writeStringField("event", "reset");
            json.writeEndObject();
        }
        return new Event(stream, -1, 0, bytes.toByteArray());
    }

    private static Event chunk(Series series, int from, int to) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("stream", series.name());
            json.writeNumberField("start", from);
            json.writeArrayFieldStart("time");
            for (int row = from; row < to; row++) {
                json.writeNumber(series.times()[row] * 1000);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("values");
            for (int row = from; row < to; row++) {
                json.writeStartArray();
                for (float feature : series.features(row)) {
                    json.writeNumber(feature);
                }
                json.writeEndArray();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return new Event(series.name(), from, to - from, bytes.toByteArray());
    }
}
