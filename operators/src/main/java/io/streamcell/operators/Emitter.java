package io.streamcell.operators;

import java.util.function.Consumer;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Emits what became of events that are computed, each with its event's timestamp. */
final class Emitter {
    private final Consumer<StreamRecord<OutputRecord>> records;
    private final Consumer<StreamRecord<Rejected>> rejected;
    private final ScoringMetrics counted;

    /** What every score is emitted in. */
    private final StreamRecord<OutputRecord> score = new StreamRecord<>(null);

    Emitter(
            Consumer<StreamRecord<OutputRecord>> records,
            Consumer<StreamRecord<Rejected>> rejected,
            ScoringMetrics counted) {
        this.records = records;
        this.rejected = rejected;
        this.counted = counted;
    }

    /** Emits all events of a bundle, in the order of arrival. */
    void emit(Bundle bundle) {
        for (int k = 0; k < bundle.events(); k++) {
            emitAll(bundle.event(k).ahead);
            emitAll(bundle.event(k));
        }
    }

    private void emitAll(Pending first) {
        for (Pending part = first; part != null; part = part.rest) {
            emit(part);
        }
    }

    private void emit(Pending pending) {
        if (pending.expired != null) {
            records.accept(stamped(new StreamRecord<>(pending.expired), pending));
        }
        if (pending.scored) {
            records.accept(stamped(score.replace(pending.engine.scores().score(pending)), pending));
        } else if (pending.exported != null) {
            records.accept(stamped(new StreamRecord<>(pending.exported), pending));
        } else if (pending.rejected != null) {
            counted.rejected(pending.rejected.reason());
            rejected.accept(stamped(new StreamRecord<>(pending.rejected), pending));
        }
    }

    /**
     * Emits the last state of a stream.
     *
     * @param time event time at which it expired
     */
    void emit(ExportedState expired, long time) {
        records.accept(new StreamRecord<>(expired, time));
    }

    private static <T> StreamRecord<T> stamped(StreamRecord<T> record, Pending pending) {
        if (pending.timestamp == Long.MIN_VALUE) {
            record.eraseTimestamp();
        } else {
            record.setTimestamp(pending.timestamp);
        }
        return record;
    }
}
