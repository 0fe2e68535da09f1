package io.streamcell.jobs.savepoints;

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
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.state.api.functions.KeyedStateBootstrapFunction;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;

/**
 * Makes the state of the operator that scores: its streams, each found or given or both, and its
 * models. A given state is applied as the reset to it, whichever of the two comes first; of several
 * for a stream, the last.
 */
final class StreamBootstrap extends KeyedStateBootstrapFunction<String, SavedStream>
        implements CheckpointedFunction {
    private static final long serialVersionUID = 1;

    private final HashMap<String, ModelReference> models;
    private final HashMap<Long, Long> resetAlls;
    private transient ValueState<StreamState> state;

    /**
     * @param models by name
     * @param resetAlls as the old savepoint holds them
     */
    StreamBootstrap(Map<String, ModelReference> models, Map<Long, Long> resetAlls) {
        this.models = new HashMap<>(models);
        this.resetAlls = new HashMap<>(resetAlls);
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        context.getOperatorStateStore().getBroadcastState(ScoringState.MODELS).putAll(models);
        context.getOperatorStateStore()
                .getBroadcastState(ScoringState.RESET_ALLS)
                .putAll(resetAlls);
    }

    @Override
    public void open(OpenContext context) {
        state = getRuntimeContext().getState(ScoringState.STREAM);
    }

    @Override
    public void processElement(SavedStream saved, Context context) throws Exception {
        StreamState other = state.value();
        if (other == null) {
            update(saved.given() ? reset(StreamState.NEW, saved.state()) : saved.state(), context);
        } else {
            update(
                    saved.given() ? reset(other, saved.state()) : reset(saved.state(), other),
                    context);
        }
    }

    /** With its timer, which a savepoint holds apart. */
    private void update(StreamState stream, Context context) throws IOException {
        state.update(stream);
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
                        ahead.modelChange(),
                        ahead.expiry(),
                        ahead.heldChunks()),
                given.vectors());
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) {
        // All is state already.
    }
}
