package io.streamcell.jobs.demo;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Two runs over the same events, stream by stream and record by record.
 *
 * @param lost records that only the undisturbed run has
 * @param doubled records that came more than once
 * @param different records whose bytes differ
 */
public record Comparison(int records, int lost, int doubled, int different) {
    /**
     * Compares; records are equal when their bytes are.
     *
     * @param expected each stream's records in order
     */
    public static Comparison of(
            Map<String, List<byte[]>> expected, Map<String, List<byte[]>> found) {
        int records = 0;
        int lost = 0;
        int doubled = 0;
        int different = 0;
        Set<String> streams = new TreeSet<>(expected.keySet());
        streams.addAll(found.keySet());
        for (String stream : streams) {
            List<byte[]> wanted = expected.getOrDefault(stream, List.of());
            List<byte[]> got = found.getOrDefault(stream, List.of());
            records += got.size();
            Set<String> seen = new HashSet<>();
            List<byte[]> once =
                    got.stream().filter(bytes -> seen.add(Arrays.toString(bytes))).toList();
            doubled += got.size() - once.size();
            lost += Math.max(0, wanted.size() - once.size());
            different += Math.max(0, once.size() - wanted.size());
            for (int k = 0; k < Math.min(wanted.size(), once.size()); k++) {
                different += Arrays.equals(wanted.get(k), once.get(k)) ? 0 : 1;
            }
        }
        return new Comparison(records, lost, doubled, different);
    }

    /** Whether nothing is lost, doubled or different. */
    public boolean same() {
        return lost == 0 && doubled == 0 && different == 0;
    }
}
