package io.streamcell.operators;

import io.streamcell.state.ImmutableValueSerializer;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What was recorded of one stream, as far as a replay must know it: by their first timesteps, with
 * those in one that nothing happened between. Where it says nothing, the rules decide.
 */
final class RecordedScores {
    private final TreeMap<Long, Recorded> byStart = new TreeMap<>();

    /** Takes in a score; one that was recorded twice is known already. */
    void add(Recorded score) {
        Map.Entry<Long, Recorded> before = byStart.lastEntry();
        if (before != null && joins(before.getValue(), score)) {
            Recorded one = before.getValue();
            int rows = (int) (score.end() - one.start());
            byStart.put(one.start(), new Recorded(one.start(), rows, one.flags(), one.model()));
        } else {
            byStart.merge(
                    score.start(), score, (old, other) -> other.rows() > old.rows() ? other : old);
        }
    }

    private static boolean joins(Recorded before, Recorded next) {
        return next.flags() == 0
                && next.model() == before.model()
                && before.rows() != Recorded.UNKNOWN
                && next.rows() != Recorded.UNKNOWN
                && next.start() == before.end()
                && next.end() - before.start() < Recorded.UNKNOWN;
    }

    /** What was recorded of a timestep, or null. */
    Recorded at(long timestep) {
        Map.Entry<Long, Recorded> entry = byStart.floorEntry(timestep);
        return entry != null && timestep < entry.getValue().end() ? entry.getValue() : null;
    }

    /** What was recorded to have happened right before a timestep, as flags. */
    int flags(long timestep) {
        Recorded score = byStart.get(timestep);
        return score == null ? 0 : score.flags();
    }

    /** Whether something may have happened before one of the timesteps from one to another. */
    boolean boundary(long from, long to) {
        Long next = byStart.ceilingKey(from);
        return next != null && next < to;
    }

    /** What was recorded next after a timestep, or null. */
    Recorded after(long timestep) {
        Map.Entry<Long, Recorded> next = byStart.higherEntry(timestep);
        return next == null ? null : next.getValue();
    }

    /** Whether something was recorded to have happened after a timestep. */
    boolean happensAfter(long timestep, int flag) {
        return byStart.tailMap(timestep, false).values().stream()
                .anyMatch(score -> (score.flags() & flag) != 0);
    }

    /** Carries it to where it is kept; both ends are of one version. */
    static final class Serializer extends ImmutableValueSerializer<RecordedScores> {
        private static final long serialVersionUID = 1;

        @Override
        public void serialize(RecordedScores scores, DataOutputView target) throws IOException {
            target.writeInt(scores.byStart.size());
            for (Recorded score : scores.byStart.values()) {
                write(score, target);
            }
        }

        @Override
        public RecordedScores deserialize(DataInputView source) throws IOException {
            RecordedScores scores = new RecordedScores();
            for (int left = source.readInt(); left > 0; left--) {
                Recorded score = read(source);
                scores.byStart.put(score.start(), score);
            }
            return scores;
        }

        static void write(Recorded score, DataOutputView target) throws IOException {
            target.writeLong(score.start());
            target.writeInt(score.rows());
            target.writeInt(score.flags());
            target.writeLong(score.model());
        }

        static Recorded read(DataInputView source) throws IOException {
            return new Recorded(
                    source.readLong(), source.readInt(), source.readInt(), source.readLong());
        }

        @Override
        public TypeSerializerSnapshot<RecordedScores> snapshotConfiguration() {
            return new Snapshot();
        }
    }

    /** What a checkpoint would say of the serializer; a replay makes none. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<RecordedScores> {
        public Snapshot() {
            super(Serializer::new);
        }
    }
}
