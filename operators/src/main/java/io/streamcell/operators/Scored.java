package io.streamcell.operators;

import org.apache.flink.annotation.Public;
import org.apache.flink.streaming.api.datastream.DataStream;

/**
 * What comes out of a scoring job.
 *
 * @param records scores and exported states together, each stream's in its order
 * @param rejected events that were put aside
 */
@Public
public record Scored(DataStream<OutputRecord> records, DataStream<Rejected> rejected) {
    /** The scores alone. */
    public DataStream<Score> scores() {
        return only(Score.class);
    }

    /** The exported states alone. */
    public DataStream<ExportedState> states() {
        return only(ExportedState.class);
    }

    private <T extends OutputRecord> DataStream<T> only(Class<T> type) {
        return records.<T>flatMap(
                        (record, out) -> {
                            if (type.isInstance(record)) {
                                out.collect(type.cast(record));
                            }
                        })
                .returns(ValueTypes.of(type))
                .name(type.getSimpleName());
    }

    /** The same with more that was rejected. */
    public Scored withRejected(DataStream<Rejected> more) {
        return new Scored(records, rejected.union(more));
    }
}
