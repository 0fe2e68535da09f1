package io.streamcell.jobs.savepoints;

import io.streamcell.operators.HeldChunk;
import io.streamcell.state.StreamState;
import io.streamcell.state.ValueTypeInformation;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A stream of a savepoint, as one of the job's models knows it.
 *
 * @param origin where it is from
 * @param model the model's name in the job
 * @param held its chunks that came too early, by their first timestep
 * @param kept its last inputs, or null where none are kept; not to be modified
 */
public record SavedStream(
        Origin origin,
        String stream,
        String model,
        StreamState state,
        List<HeldChunk> held,
        float[] kept) {
    static final TypeInformation<SavedStream> TYPE =
            new ValueTypeInformation<>(SavedStream.class, new SavedStreamSerializer());

    /** Where a stream is from. */
    public enum Origin {
        /** A savepoint has it. */
        FOUND,
        /** A state record gives it. */
        GIVEN,
        /** A record says that it was given up. */
        GIVEN_UP
    }

    public SavedStream {
        held = List.copyOf(held);
    }

    /** A stream that a state record gives. */
    static SavedStream given(String stream, String model, StreamState state) {
        return new SavedStream(Origin.GIVEN, stream, model, state, List.of(), null);
    }

    /** A stream that was given up. */
    static SavedStream givenUp(String stream, String model) {
        return new SavedStream(Origin.GIVEN_UP, stream, model, StreamState.NEW, List.of(), null);
    }

    /** These streams alone. */
    public static DataStream<SavedStream> in(
            StreamExecutionEnvironment environment, List<SavedStream> streams) {
        return environment.fromData(TYPE, streams.toArray(SavedStream[]::new));
    }

    /** The streams of some names. */
    public static DataStream<SavedStream> named(DataStream<SavedStream> streams, String... names) {
        return streams.filter(saved -> List.of(names).contains(saved.stream()));
    }

    /** The same under another id. */
    public SavedStream as(String id) {
        List<HeldChunk> own = held.stream().map(chunk -> chunk.of(id)).toList();
        return new SavedStream(origin, id, model, state, own, kept);
    }
}
