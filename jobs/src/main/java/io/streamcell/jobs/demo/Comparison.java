package io.streamcell.jobs.demo;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Two runs over the same events, stream by stream and record by record.
 *
 * @param lost records that only the undisturbed run has
 * @param doubled records that came more often than there
 * @param different records that the undisturbed run does not have, or has elsewhere in their stream
 */
public record Comparison(int records, int lost, int doubled, int different) {
    /**
     * Compares; records are equal when their bytes are.
     *
     * @param expected each stream's records in order
     */
    public static Comparison of(
            Map<String, List<byte[]>> expected, Map<String, List<byte[]>> found) {
        Comparison all = new Comparison(0, 0, 0, 0);
        Set<String> streams = new TreeSet<>(expected.keySet());
        streams.addAll(found.keySet());
        for (String stream : streams) {
            List<ByteBuffer> wanted = wrapped(expected.getOrDefault(stream, List.of()));
            all = all.plus(ofStream(wanted, wrapped(found.getOrDefault(stream, List.of()))));
        }
        return all;
    }

    private static List<ByteBuffer> wrapped(List<byte[]> records) {
        return records.stream().map(ByteBuffer::wrap).toList();
    }

    private static Comparison ofStream(List<ByteBuffer> wanted, List<ByteBuffer> found) {
        Map<ByteBuffer, Integer> left = new HashMap<>();
        wanted.forEach(record -> left.merge(record, 1, Integer::sum));
        int doubled = 0;
        int different = 0;
        for (ByteBuffer record : found) {
            Integer more = left.computeIfPresent(record, (bytes, count) -> count - 1);
            different += more == null ? 1 : 0;
            doubled += more != null && more < 0 ? 1 : 0;
        }
        int lost = left.values().stream().mapToInt(count -> Math.max(0, count)).sum();
        if (lost + doubled + different == 0) {
            for (int k = 0; k < wanted.size(); k++) {
                different += wanted.get(k).equals(found.get(k)) ? 0 : 1;
            }
        }
        return new Comparison(found.size(), lost, doubled, different);
    }

    private Comparison plus(Comparison other) {
        return new Comparison(
                records + other.records,
                lost + other.lost,
                doubled + other.doubled,
                different + other.different);
    }

    /** Whether nothing is lost, doubled or different. */
    public boolean same() {
        return lost == 0 && doubled == 0 && different == 0;
    }
}
