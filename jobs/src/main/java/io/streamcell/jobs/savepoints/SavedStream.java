package io.streamcell.jobs.savepoints;

import io.streamcell.state.StreamState;
import io.streamcell.state.ValueTypeInformation;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A stream of a savepoint.
 *
 * @param given whether a user gives it, rather than that it was found
 */
public record SavedStream(String stream, StreamState state, boolean given) {
    static final TypeInformation<SavedStream> TYPE =
            new ValueTypeInformation<>(SavedStream.class, new SavedStreamSerializer());

    /** A stream as it was found, or a copy of it. */
    public static SavedStream found(String stream, StreamState state) {
        return new SavedStream(stream, state, false);
    }

    /** This stream alone. */
    public DataStream<SavedStream> in(StreamExecutionEnvironment environment) {
        return environment.fromData(TYPE, this);
    }
}
