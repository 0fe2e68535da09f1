package io.streamcell.chaos;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.Random;

/**
 * The events of a run, the same whenever they are made: chunks of many streams with resets sent and
 * announced, exports, repeated and overlapping chunks, gaps, neighbours in the wrong order, and
 * events that are no events. What the control topic says is told a second time in each stream's own
 * events, for a run without one.
 */
final class Feed implements Iterator<FeedEvent> {
    /** Features of the model in examples/nab. */
    private static final int FEATURES = 3;

    private final FeedSize size;
    private final long[] resetAlls;
    private final Random random;
    private final Track[] tracks;
    private final Queue<FeedEvent> ready = new ArrayDeque<>();
    private final Map<String, Boolean> byResetAll = new HashMap<>();
    private long number;
    private long timesteps;

    Feed(FeedSize size) {
        this.size = size;
        this.resetAlls = size.resetAlls();
        this.random = new Random(size.seed());
        this.tracks = new Track[size.streams()];
        for (int k = 0; k < tracks.length; k++) {
            tracks[k] = new Track("m-" + k);
        }
    }

    @Override
    public boolean hasNext() {
        return !ready.isEmpty() || timesteps < size.timesteps();
    }

    @Override
    public FeedEvent next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the feed has ended");
        }
        while (ready.isEmpty()) {
            draw();
        }
        return ready.remove();
    }

    /**
     * Where a reset of all streams comes before a score, {@code stream@start}; true where the
     * stream is also reset for itself there. Complete when the feed has ended.
     */
    Map<String, Boolean> byResetAll() {
        return byResetAll;
    }

    private void draw() {
        Track track = track();
        long time = FeedSize.BEGINNING + number++ * size.stepMillis();
        int kind = random.nextInt(1000);
        if (kind < 20) {
            reset(track, time);
        } else if (kind < 40) {
            announce(track, time);
        } else if (kind < 50) {
            plain(track, time, "\"event\":\"export\"");
        } else if (kind < 70 && track.next > 0) {
            repeat(track, time);
        } else if (kind < 80 && track.next > 0) {
            gap(track, time);
        } else if (kind < 110) {
            swapped(track, time);
        } else if (kind < 113) {
            plain(track, time, "\"values\":\"no numbers, event " + number + "\"");
        } else {
            int rows = rows();
            List<byte[]> lines = scored(track, track.next, rows, time);
            String start = random.nextBoolean() ? start(track.next) : "";
            track.next += rows;
            add(track, time, chunk(track, start, time, rows), lines, rows);
        }
    }

    /** One of a few busy streams, or any of those that there are so far. */
    private Track track() {
        if (random.nextBoolean()) {
            return tracks[random.nextInt(Math.max(1, tracks.length / 20))];
        }
        double born = Math.min(1, 0.3 + (double) timesteps / size.timesteps());
        return tracks[random.nextInt(Math.max(1, (int) (tracks.length * born)))];
    }

    private int rows() {
        return 1 + random.nextInt(FeedSize.LONGEST_CHUNK);
    }

    private void plain(Track track, long time, String fields) {
        add(track, time, "{\"stream\":\"" + track.stream + "\"," + fields + "}", List.of(), 0);
    }

    /** A reset is newer than those of all streams up to its time. */
    private void reset(Track track, long time) {
        track.reset = true;
        track.resetAllsSeen = Math.max(track.resetAllsSeen, until(time));
        plain(track, time, "\"event\":\"reset\"");
    }

    private void announce(Track track, long time) {
        long at = track.next + random.nextInt(5 * FeedSize.LONGEST_CHUNK);
        track.announced.add(at);
        plain(track, time, "\"event\":\"reset\",\"at\":" + at);
    }

    /** A chunk that is old, or whose first timesteps are. */
    private void repeat(Track track, long time) {
        int old = 1 + random.nextInt((int) Math.min(track.next, FeedSize.LONGEST_CHUNK));
        long start = track.next - old;
        int fresh = random.nextBoolean() ? 0 : rows();
        List<byte[]> lines = fresh == 0 ? List.of() : scored(track, track.next, fresh, time);
        track.next += fresh;
        add(track, time, chunk(track, start(start), time, old + fresh), lines, fresh);
    }

    /** Timesteps are missing, and what follows is so much later that they are given up. */
    private void gap(Track track, long time) {
        track.next += 1 + random.nextInt(20);
        for (long each : new long[] {time, time + JobFile.MAX_WAIT_MILLIS + 1}) {
            int rows = rows();
            List<byte[]> lines = scored(track, track.next, rows, each);
            add(track, each, chunk(track, start(track.next), each, rows), lines, rows);
            track.next += rows;
        }
    }

    /** The second of two chunks comes first. */
    private void swapped(Track track, long time) {
        long firstStart = track.next;
        int firstRows = rows();
        int secondRows = rows();
        List<byte[]> lines = new ArrayList<>(scored(track, firstStart, firstRows, time));
        lines.addAll(scored(track, firstStart + firstRows, secondRows, time));
        track.next += firstRows + secondRows;
        String second = chunk(track, start(firstStart + firstRows), time, secondRows);
        add(track, time, second, lines, secondRows);
        String first = chunk(track, start(firstStart), time, firstRows);
        add(track, time, first, List.of(), firstRows);
    }

    /** How many reset-alls hold from a time on. */
    private int until(long time) {
        int count = 0;
        while (count < resetAlls.length && resetAlls[count] <= time) {
            count++;
        }
        return count;
    }

    /**
     * Notes that timesteps are scored next in their stream; gives what a run without a control
     * topic must be told before.
     */
    private List<byte[]> scored(Track track, long start, int rows, long time) {
        boolean resetAll = until(time) > track.resetAllsSeen;
        boolean reset = track.reset || !track.announced.headSet(start, true).isEmpty();
        track.reset = false;
        track.announced.headSet(start + rows, false).clear();
        if (!resetAll) {
            return List.of();
        }
        track.resetAllsSeen = until(time);
        byResetAll.put(track.stream + "@" + start, reset);
        return List.of(
                bytes(
                        "{\"stream\":\"%s\",\"event\":\"reset\",\"at\":%d}"
                                .formatted(track.stream, start)));
    }

    private static String start(long start) {
        return "\"start\":" + start + ",";
    }

    private String chunk(Track track, String start, long time, int rows) {
        StringBuilder text =
                new StringBuilder("{\"stream\":\"%s\",".formatted(track.stream))
                        .append(start)
                        .append("\"time\":")
                        .append(time)
                        .append(",\"values\":[");
        for (int row = 0; row < rows; row++) {
            for (int k = 0; k < FEATURES; k++) {
                text.append(k > 0 ? "," : row > 0 ? ",[" : "[");
                text.append(Math.round(random.nextGaussian() * 10_000) / 10_000f);
            }
            text.append(']');
        }
        return text.append("]}").toString();
    }

    private void add(Track track, long time, String json, List<byte[]> before, int fresh) {
        byte[] bytes = bytes(json);
        List<byte[]> lines = new ArrayList<>(before);
        lines.add(bytes);
        timesteps += fresh;
        ready.add(new FeedEvent(track.stream, time, bytes, lines, fresh));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
