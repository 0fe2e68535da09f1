package io.streamcell.operators;

import io.streamcell.state.StreamState;
import io.streamcell.state.StreamStateSerializer;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;

/**
 * What a checkpoint holds under {@link Streamcell#OPERATOR_UID}, keyed by stream and broadcast.
 * Names never change.
 */
public final class ScoringState {
    /** The state of a stream, by its id. */
    public static final ValueStateDescriptor<StreamState> STREAM =
            new ValueStateDescriptor<>("stream-state", StreamStateSerializer.INSTANCE);

    /** The chunks of a stream that came too early, by their first timestep. */
    public static final MapStateDescriptor<Long, HeldChunk> HELD_CHUNKS =
            new MapStateDescriptor<>(
                    "held-chunks", LongSerializer.INSTANCE, new HeldChunk.Serializer());

    /** Broadcast: the models that made the states, by name. */
    public static final MapStateDescriptor<String, ModelReference> MODELS =
            new MapStateDescriptor<>(
                    "models", StringSerializer.INSTANCE, new ModelReferenceSerializer());

    /** Resets of every stream, by number; see {@link ResetAlls}. */
    public static final MapStateDescriptor<Long, Long> RESET_ALLS =
            new MapStateDescriptor<>(
                    "reset-alls", LongSerializer.INSTANCE, LongSerializer.INSTANCE);

    /**
     * The timers of streams; the name that the State Processor API gives to those that it writes.
     */
    static final String TIMERS = "user-timers";

    private ScoringState() {}
}
