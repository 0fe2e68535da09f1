package io.streamcell.chaos;

import io.streamcell.jobs.demo.Comparison;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whether two runs over the same events gave the same, byte for byte and in order within each
 * stream; the scores' numbers read back to the same float32, so the same bytes are the same bits.
 *
 * @param scores and states
 */
record Verdict(Comparison scores, Comparison rejected) {
    private static final int SHOWN = 5;

    static Verdict of(Records expected, Records found) {
        return new Verdict(
                Comparison.of(expected.scores(), found.scores()),
                // Of several partitions and subtasks, rejected records have no order.
                Comparison.of(sorted(expected.rejected()), sorted(found.rejected())));
    }

    private static Map<String, List<byte[]>> sorted(Map<String, List<byte[]>> records) {
        Map<String, List<byte[]>> sorted = new TreeMap<>();
        records.forEach(
                (name, list) -> {
                    List<byte[]> copy = new ArrayList<>(list);
                    copy.sort(Arrays::compare);
                    sorted.put(name, copy);
                });
        return sorted;
    }

    boolean same() {
        return scores.same() && rejected.same();
    }

    /** Where some streams first differ: what was expected there, and what was found. */
    static List<String> firstDifferences(
            Map<String, List<byte[]>> expected, Map<String, List<byte[]>> found) {
        List<String> lines = new ArrayList<>();
        for (String stream : new TreeMap<>(expected).keySet()) {
            List<byte[]> wanted = expected.get(stream);
            List<byte[]> came = found.getOrDefault(stream, List.of());
            int k = 0;
            while (k < wanted.size()
                    && k < came.size()
                    && Arrays.equals(wanted.get(k), came.get(k))) {
                k++;
            }
            if ((k < wanted.size() || k < came.size()) && lines.size() < 2 * SHOWN) {
                lines.add("expected " + shown(wanted, k));
                lines.add("found    " + shown(came, k));
            }
        }
        return lines;
    }

    private static String shown(List<byte[]> records, int number) {
        return number < records.size()
                ? new String(records.get(number), StandardCharsets.UTF_8)
                : "nothing";
    }

    /**
     * Whether a comparison would have seen it: loses, doubles and changes one score of those that
     * were found, each by itself, and asks again.
     */
    static boolean wouldSee(Records expected, Records found) {
        String stream = new TreeMap<>(found.scores()).firstKey();
        List<byte[]> records = found.scores().get(stream);
        List<byte[]> lost = records.subList(0, records.size() - 1);
        List<byte[]> doubled = new ArrayList<>(records);
        doubled.add(records.get(records.size() - 1));
        List<byte[]> changed = new ArrayList<>(records);
        changed.set(0, withAnotherBit(records.get(0)));
        return Verdict.of(expected, with(found, stream, lost)).scores().lost() == 1
                && Verdict.of(expected, with(found, stream, doubled)).scores().doubled() == 1
                && Verdict.of(expected, with(found, stream, changed)).scores().different() == 1;
    }

    private static Records with(Records found, String stream, List<byte[]> records) {
        Map<String, List<byte[]>> scores = new TreeMap<>(found.scores());
        scores.put(stream, records);
        return new Records(scores, found.rejected());
    }

    /** The last digit of a score's last output, one up or down: the least that it can differ by. */
    static byte[] withAnotherBit(byte[] record) {
        byte[] changed = record.clone();
        int k = new String(record, StandardCharsets.ISO_8859_1).lastIndexOf(",\"model\":");
        while (changed[k] < '0' || changed[k] > '9') {
            k--;
        }
        changed[k] ^= 1;
        return changed;
    }
}
