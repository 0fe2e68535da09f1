package io.streamcell.jobs.replay;

import io.streamcell.jobs.json.JsonDifferenceWriter;
import io.streamcell.operators.Flags;
import io.streamcell.operators.Score;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.flink.api.common.accumulators.LongCounter;

/** Compares rows bit for bit, counts, and writes the first differences. */
final class Findings implements Judge {
    private final Bounds bounds;
    private final Map<Difference, LongCounter> counts = new EnumMap<>(Difference.class);
    private final LongCounter same = new LongCounter();
    private final LongCounter outside = new LongCounter();
    private final JsonDifferenceWriter json = new JsonDifferenceWriter();
    private final Consumer<byte[]> lines;
    private long left;

    /** The stream at hand. */
    private StreamComparison stream;

    private OutputComparison output;

    /**
     * @param limit how many lines at most
     */
    Findings(Bounds bounds, long limit, Consumer<byte[]> lines) {
        this.bounds = bounds;
        this.left = limit;
        this.lines = lines;
        for (Difference difference : Difference.values()) {
            counts.put(difference, new LongCounter());
        }
    }

    LongCounter count(Difference difference) {
        return counts.get(difference);
    }

    LongCounter same() {
        return same;
    }

    LongCounter outside() {
        return outside;
    }

    @Override
    public void look(StreamComparison atStream, OutputComparison atOutput) {
        stream = atStream;
        output = atOutput;
    }

    @Override
    public int compare(Rows scored, Rows recorded, long first, int rows) {
        int alike = scored.same(recorded, first, rows);
        if (alike == 0) {
            differ(Difference.OUTPUTS, 1);
            if (writes()) {
                int a = scored.at(first);
                int b = recorded.at(first);
                begin(scored, first, 1, Difference.OUTPUTS)
                        .values("expected", scored.values(), a, a + scored.width())
                        .values("found", recorded.values(), b, b + recorded.width());
                models(scored.score(), recorded.score());
                lines.accept(json.end());
            }
            return 1;
        }
        if (!beside(scored, recorded, first, alike)) {
            same.add(alike);
        }
        return alike;
    }

    private void models(Score scored, Score recorded) {
        if (!scored.model().equals(recorded.model())) {
            json.text("expectedModel", scored.model()).text("foundModel", recorded.model());
        }
    }

    /** Whether rows differ, although their numbers are the same. */
    private boolean beside(Rows scored, Rows recorded, long first, int rows) {
        if (!scored.score().model().equals(recorded.score().model())) {
            differ(Difference.MODEL, rows);
            if (writes()) {
                begin(scored, first, rows, Difference.MODEL)
                        .text("expected", scored.score().model())
                        .text("found", recorded.score().model());
                lines.accept(json.end());
            }
            return true;
        }
        int must = told(scored.flags(first));
        int found = told(recorded.flags(first));
        if (must != found && compares(first)) {
            differ(Difference.FLAGS, rows);
            if (writes()) {
                begin(scored, first, rows, Difference.FLAGS)
                        .flags("expected", must)
                        .flags("found", found);
                lines.accept(json.end());
            }
            return true;
        }
        return times(scored, recorded, first, rows);
    }

    /** What happened before a timestep, by the names that records spell. */
    private static int told(int flags) {
        int told = 0;
        for (String name : Flags.names(flags)) {
            told |= Flags.named(name);
        }
        // It is the whole record's, however long that is.
        return told & ~Flags.OUTPUT_NOT_FINITE;
    }

    /**
     * Whether it is known what had happened before a timestep: not where a stream that was there
     * before begins anew.
     */
    private boolean compares(long timestep) {
        return bounds.continued() || timestep == 0 || timestep != output.first();
    }

    private boolean times(Rows scored, Rows recorded, long first, int rows) {
        boolean one = scored.score().times().length < 2 && recorded.score().times().length < 2;
        for (int k = 0; k < (one ? 1 : rows); k++) {
            long must = scored.time(first + k);
            long found = recorded.time(first + k);
            if (must != found) {
                differ(Difference.TIME, rows);
                if (writes()) {
                    begin(scored, first + k, rows - k, Difference.TIME);
                    time("expected", must);
                    time("found", found);
                    lines.accept(json.end());
                }
                return true;
            }
        }
        return false;
    }

    private void time(String field, long time) {
        if (time == Rows.NO_TIME) {
            json.nothing(field);
        } else {
            json.number(field, time);
        }
    }

    @Override
    public void missing(Rows scored) {
        counts.get(Difference.MISSING).add(scored.count());
        if (writes()) {
            int at = scored.at(scored.start());
            begin(scored, scored.start(), scored.count(), Difference.MISSING)
                    .values("expected", scored.values(), at, at + scored.width())
                    .nothing("found");
            lines.accept(json.end());
        }
    }

    @Override
    public void duplicate(Rows recorded) {
        alone(recorded, Difference.DUPLICATE);
    }

    @Override
    public void extra(Rows recorded) {
        alone(recorded, Difference.EXTRA);
    }

    private void alone(Rows recorded, Difference difference) {
        differ(difference, recorded.count());
        if (writes()) {
            begin(recorded, recorded.start(), recorded.count(), difference).nothing("expected");
            int at = recorded.at(recorded.start());
            json.values("found", recorded.values(), at, at + recorded.width());
            lines.accept(json.end());
        }
    }

    @Override
    public void outside(Rows recorded) {
        outside.add(recorded.count());
    }

    private void differ(Difference difference, int rows) {
        counts.get(difference).add(rows);
        stream.differs |= difference == Difference.OUTPUTS || difference == Difference.MODEL;
    }

    private JsonDifferenceWriter begin(Rows rows, long first, int count, Difference difference) {
        return json.begin(rows.score().stream(), first, count, rows.name(), difference.toString());
    }

    private boolean writes() {
        return left > 0 && left-- > 0;
    }
}
