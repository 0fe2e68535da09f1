package io.streamcell.operators;

import io.streamcell.state.StreamState;
import io.streamcell.state.StreamStateSerializer;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.api.common.typeutils.base.array.FloatPrimitiveArraySerializer;

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

    /** The last inputs of a stream, timestep after timestep. */
    public static final ValueStateDescriptor<float[]> KEPT_TIMESTEPS =
            new ValueStateDescriptor<>("kept-timesteps", FloatPrimitiveArraySerializer.INSTANCE);

    /** Broadcast: the models that made the states, by name. */
    public static final MapStateDescriptor<String, ModelReference> MODELS =
            new MapStateDescriptor<>(
                    "models", StringSerializer.INSTANCE, new ModelReferenceSerializer());

    /** Models that took over, by number; see {@link ModelChanges}. */
    public static final MapStateDescriptor<Long, ModelChange> MODEL_CHANGES =
            new MapStateDescriptor<>(
                    "model-changes", LongSerializer.INSTANCE, new ModelChange.Serializer());

    /** Resets of every stream, by number; see {@link ResetAlls}. */
    public static final MapStateDescriptor<Long, Long> RESET_ALLS =
            new MapStateDescriptor<>(
                    "reset-alls", LongSerializer.INSTANCE, LongSerializer.INSTANCE);

    /** The state of a stream under a model, by the stream's id. */
    public static ValueStateDescriptor<StreamState> stream(String model) {
        return isDefault(model)
                ? STREAM
                : new ValueStateDescriptor<>(
                        STREAM.getName() + "@" + model, StreamStateSerializer.INSTANCE);
    }

    /** The chunks for a model that came too early, by their first timestep. */
    public static MapStateDescriptor<Long, HeldChunk> heldChunks(String model) {
        return isDefault(model)
                ? HELD_CHUNKS
                : new MapStateDescriptor<>(
                        HELD_CHUNKS.getName() + "@" + model,
                        LongSerializer.INSTANCE,
                        new HeldChunk.Serializer());
    }

    /** The last inputs of a stream for a model, timestep after timestep. */
    public static ValueStateDescriptor<float[]> keptTimesteps(String model) {
        return isDefault(model)
                ? KEPT_TIMESTEPS
                : new ValueStateDescriptor<>(
                        KEPT_TIMESTEPS.getName() + "@" + model,
                        FloatPrimitiveArraySerializer.INSTANCE);
    }

    /** What a replay was told of a stream under a model; no checkpoint holds it. */
    static ValueStateDescriptor<RecordedScores> recorded(String model) {
        return new ValueStateDescriptor<>("recorded@" + model, new RecordedScores.Serializer());
    }

    private static boolean isDefault(String model) {
        return model.equals(StreamEvent.DEFAULT_MODEL);
    }

    /**
     * The timers of streams; the name that the State Processor API gives to those that it writes.
     */
    static final String TIMERS = "user-timers";

    private ScoringState() {}
}
