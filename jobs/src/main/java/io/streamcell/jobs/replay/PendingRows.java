package io.streamcell.jobs.replay;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Rows of one output of one stream that have no counterpart yet, by their first timesteps. A
 * timestep can be there several times: recorded twice, or of a stream whose numbers began again.
 */
final class PendingRows {
    private final TreeMap<Long, Deque<Rows>> byStart = new TreeMap<>();
    private long longest;
    private long bytes;

    void add(Rows rows) {
        if (rows.count() > 0) {
            byStart.computeIfAbsent(rows.start(), start -> new ArrayDeque<>(1)).add(rows);
            longest = Math.max(longest, rows.count());
            bytes += rows.bytes();
        }
    }

    private void remove(Rows rows) {
        Deque<Rows> all = byStart.get(rows.start());
        all.remove(rows);
        if (all.isEmpty()) {
            byStart.remove(rows.start());
        }
        bytes -= rows.bytes();
        if (byStart.isEmpty()) {
            longest = 0;
        }
    }

    /**
     * Those with a row of a timestep; where there are several, one whose row is the same, or else
     * the first that came.
     */
    Rows find(long timestep, Rows wanted) {
        Rows other = null;
        Map.Entry<Long, Deque<Rows>> entry = byStart.floorEntry(timestep);
        while (entry != null && entry.getKey() > timestep - longest) {
            for (Rows rows : entry.getValue()) {
                if (rows.end() > timestep) {
                    if (rows.same(wanted, timestep, 1) == 1) {
                        return rows;
                    }
                    other = rows;
                }
            }
            entry = byStart.lowerEntry(entry.getKey());
        }
        return other;
    }

    /** The next timestep behind one that rows begin with; {@code Long.MAX_VALUE} for none. */
    long after(long timestep) {
        Long next = byStart.higherKey(timestep);
        return next == null ? Long.MAX_VALUE : next;
    }

    /** Takes rows of some that are here; the others stay. */
    void take(Rows from, long first, long end) {
        remove(from);
        add(from.part(from.start(), first));
        add(from.part(end, from.end()));
    }

    boolean isEmpty() {
        return byStart.isEmpty();
    }

    /** A guess at the memory that they take. */
    long bytes() {
        return bytes;
    }

    int size() {
        return byStart.values().stream().mapToInt(Deque::size).sum();
    }

    void each(Consumer<Rows> consumer) {
        byStart.values().forEach(rows -> rows.forEach(consumer));
    }
}
