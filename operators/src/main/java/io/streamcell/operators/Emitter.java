package io.streamcell.operators;

import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Emits what became of events that are computed, each with its event's timestamp. */
final class Emitter {
    private final Output<StreamRecord<OutputRecord>> output;
    private final ScoringMetrics counted;

    /** What every score is emitted in. */
    private final StreamRecord<OutputRecord> score = new StreamRecord<>(null);

    Emitter(Output<StreamRecord<OutputRecord>> output, ScoringMetrics counted) {
        this.output = output;
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
            output.collect(stamped(new StreamRecord<>(pending.expired), pending));
        }
        if (pending.scored) {
            output.collect(stamped(score.replace(pending.engine.scores().score(pending)), pending));
        } else if (pending.exported != null) {
            output.collect(stamped(new StreamRecord<>(pending.exported), pending));
        } else if (pending.rejected != null) {
            counted.rejected(pending.rejected.reason());
            output.collect(
                    ScoringOperator.REJECTED,
                    stamped(new StreamRecord<>(pending.rejected), pending));
        }
    }

    /**
     * Emits the last state of a stream.
     *
     * @param time event time at which it expired
     */
    void emit(ExportedState expired, long time) {
        output.collect(new StreamRecord<>(expired, time));
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
