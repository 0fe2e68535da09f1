package io.streamcell.jobs.replay;

import java.util.Arrays;

/**
 * What was scored again of one output of one stream, and what was recorded of it, as they come: in
 * whatever order, cut as they may. Holds what has no counterpart yet.
 */
final class OutputComparison {
    private static final int ROOM = 4;

    /** What a recorded row without a counterpart is. */
    private enum Kind {
        DUPLICATE,
        OUTSIDE,
        EXTRA
    }

    final PendingRows scored;
    final PendingRows recorded;

    /** What was scored again, pairs of first timestep and end. */
    private long[] ranges;

    private int count;

    OutputComparison() {
        this(new PendingRows(), new PendingRows(), new long[ROOM], 0);
    }

    OutputComparison(PendingRows scored, PendingRows recorded, long[] ranges, int count) {
        this.scored = scored;
        this.recorded = recorded;
        this.ranges = ranges;
        this.count = count;
    }

    /** Rows that were scored again. */
    void score(Rows rows, Judge judge) {
        cover(rows.start(), rows.end());
        long at = rows.start();
        while (at < rows.end()) {
            Rows other = recorded.find(at, rows);
            if (other == null) {
                long next = Math.min(recorded.after(at), rows.end());
                scored.add(rows.part(at, next));
                at = next;
                continue;
            }
            int common = (int) (Math.min(rows.end(), other.end()) - at);
            int judged = judge.compare(rows, other, at, common);
            recorded.take(other, at, at + judged);
            at += judged;
        }
    }

    /** Rows that were recorded. */
    void record(Rows rows, Judge judge) {
        long at = rows.start();
        while (at < rows.end()) {
            Rows other = scored.find(at, rows);
            if (other == null) {
                long next = Math.min(scored.after(at), rows.end());
                recorded.add(rows.part(at, next));
                at = next;
                continue;
            }
            int common = (int) (Math.min(rows.end(), other.end()) - at);
            int judged = judge.compare(other, rows, at, common);
            scored.take(other, at, at + judged);
            at += judged;
        }
    }

    private void cover(long from, long to) {
        if (count > 0 && ranges[count - 1] == from) {
            ranges[count - 1] = to;
            return;
        }
        if (count == ranges.length) {
            ranges = Arrays.copyOf(ranges, 2 * count);
        }
        ranges[count++] = from;
        ranges[count++] = to;
    }

    /** Whether a timestep was scored again. */
    private boolean covers(long timestep) {
        for (int k = 0; k < count; k += 2) {
            if (timestep >= ranges[k] && timestep < ranges[k + 1]) {
                return true;
            }
        }
        return false;
    }

    /** The first timestep that was scored again; -1 for none. */
    long first() {
        return count == 0 ? -1 : ranges[0];
    }

    /** Judges what has no counterpart when all has come. */
    void end(Bounds bounds, Judge judge) {
        scored.each(judge::missing);
        long least = Long.MAX_VALUE;
        long end = -1;
        for (int k = 0; k < count; k += 2) {
            least = Math.min(least, ranges[k]);
            end = Math.max(end, ranges[k + 1]);
        }
        long lower = least;
        long upper = end;
        recorded.each(rows -> leftOver(rows, bounds, lower, upper, judge));
    }

    private void leftOver(Rows rows, Bounds bounds, long lower, long upper, Judge judge) {
        long at = rows.start();
        while (at < rows.end()) {
            Kind kind = kind(at, bounds, lower, upper);
            long next = at + 1;
            while (next < rows.end() && kind(next, bounds, lower, upper) == kind) {
                next++;
            }
            Rows part = rows.part(at, next);
            switch (kind) {
                case DUPLICATE -> judge.duplicate(part);
                case OUTSIDE -> judge.outside(part);
                case EXTRA -> judge.extra(part);
            }
            at = next;
        }
    }

    private Kind kind(long timestep, Bounds bounds, long lower, long upper) {
        if (covers(timestep)) {
            return Kind.DUPLICATE;
        }
        boolean none = upper < 0;
        boolean before = (none || timestep < lower) && bounds.beginsLater();
        boolean after = (none || timestep >= upper) && bounds.endsEarlier();
        return before || after ? Kind.OUTSIDE : Kind.EXTRA;
    }

    long[] ranges() {
        return Arrays.copyOf(ranges, count);
    }

    /** A guess at the memory that it takes. */
    long bytes() {
        return scored.bytes() + recorded.bytes() + 8L * ranges.length + 200;
    }
}
