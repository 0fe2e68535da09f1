package io.streamcell.jobs.savepoints;

import io.streamcell.jobs.savepoints.SavedStream.Origin;
import io.streamcell.operators.HeldChunk;
import io.streamcell.operators.ModelChange;
import io.streamcell.operators.ModelReference;
import io.streamcell.operators.ResetAlls;
import io.streamcell.operators.ScoringState;
import io.streamcell.state.Ahead;
import io.streamcell.state.StreamState;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.state.api.functions.KeyedStateBootstrapFunction;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;

/**
 * Makes the state of the operator that scores: its streams, each found or given or both, and what
 * is shared. A given state is applied as the reset to it, whichever of the two comes first.
 */
final class StreamBootstrap extends KeyedStateBootstrapFunction<String, SavedStream>
        implements CheckpointedFunction {
    private static final long serialVersionUID = 1;

    private final HashMap<String, ModelReference> models;
    private final HashMap<Long, ModelChange> changes;
    private final HashMap<Long, Long> resetAlls;
    private transient Map<String, Lane> lanes;

    /** The states of one model's streams. */
    private record Lane(
            ValueState<StreamState> streams,
            MapState<Long, HeldChunk> held,
            ValueState<float[]> kept) {
        static Lane of(String model, RuntimeContext context) {
            return new Lane(
                    context.getState(ScoringState.stream(model)),
                    context.getMapState(ScoringState.heldChunks(model)),
                    context.getState(ScoringState.keptTimesteps(model)));
        }
    }

    /**
     * @param shared names every model of the streams
     */
    StreamBootstrap(SharedState shared) {
        this.models = new HashMap<>(shared.models());
        this.changes = new HashMap<>(shared.changes());
        this.resetAlls = new HashMap<>(shared.resetAlls());
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        new SharedState(models, changes, resetAlls).write(context.getOperatorStateStore());
    }

    @Override
    public void open(OpenContext context) {
        lanes = new HashMap<>();
        for (String model : models.keySet()) {
            lanes.put(model, Lane.of(model, getRuntimeContext()));
        }
    }

    @Override
    public void processElement(SavedStream saved, Context context) throws Exception {
        Lane lane = lanes.get(saved.model());
        StreamState other = lane.streams.value();
        if (saved.origin() == Origin.GIVEN) {
            StreamState before = other == null ? StreamState.NEW : other;
            lane.streams.update(reset(before, saved.state()));
            lane.kept.clear();
            return;
        }
        update(lane, other == null ? saved.state() : reset(saved.state(), other), context);
        for (HeldChunk chunk : saved.held()) {
            lane.held.put(chunk.event().start(), chunk);
            context.timerService().registerEventTimeTimer(chunk.until());
        }
        if (other == null && saved.kept() != null) {
            lane.kept.update(saved.kept());
        }
    }

    /** With its timer, which a savepoint holds apart. */
    private static void update(Lane lane, StreamState stream, Context context) throws IOException {
        lane.streams.update(stream);
        if (stream.ahead().expiry() != StreamState.NO_TIME) {
            context.timerService().registerEventTimeTimer(stream.ahead().expiry());
        }
    }

    /** A stream after the reset to a given state, as the job would do it. */
    private StreamState reset(StreamState found, StreamState given) {
        Ahead ahead = found.ahead();
        return new StreamState(
                given.next(),
                found.lastTime(),
                found.pendingFlags() | given.pendingFlags(),
                new Ahead(
                        Arrays.stream(ahead.resets()).filter(at -> at >= given.next()).toArray(),
                        ahead.resetTimes(),
                        // A state that is given is newer than what came before it.
                        ResetAlls.count(resetAlls),
                        given.ahead().modelChange(),
                        ahead.expiry(),
                        ahead.heldChunks()),
                given.vectors());
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) {
        // All is state already.
    }
}
