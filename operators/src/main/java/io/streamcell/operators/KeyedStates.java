package io.streamcell.operators;

import io.streamcell.state.StreamState;
import java.io.IOException;
import java.util.List;
import java.util.NavigableMap;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.KeyContext;

/** Flink's keyed state of one model's streams, seen by key. */
final class KeyedStates implements StreamStates {
    private final KeyContext keys;
    private final String model;
    private final ValueState<StreamState> streams;
    private final MapState<Long, HeldChunk> chunks;
    private final ValueState<float[]> kept;

    /** Of a replay; else null. */
    private final ValueState<RecordedScores> recorded;

    private boolean keeps;
    private Expiry expiry;
    private HeldChunks heldChunks;
    private ScoringMetrics metrics;

    KeyedStates(KeyContext keys, String model, KeyedStateStore store, boolean replays) {
        this.keys = keys;
        this.model = model;
        this.streams = store.getState(ScoringState.stream(model));
        this.chunks = store.getMapState(ScoringState.heldChunks(model));
        this.kept = store.getState(ScoringState.keptTimesteps(model));
        this.recorded = replays ? store.getState(ScoringState.recorded(model)) : null;
    }

    /** Names the timers, which Flink makes after the states; called once, before anything else. */
    void open(
            ScoringOptions options,
            InternalTimerService<VoidNamespace> timers,
            ScoringMetrics counted) {
        metrics = counted;
        keeps = options.value(ScoringOptions.KEPT_TIMESTEPS) > 0;
        expiry = new Expiry(options, keys, timers);
        heldChunks = new HeldChunks(options, keys, chunks, timers);
    }

    String model() {
        return model;
    }

    HeldChunks heldChunks() {
        return heldChunks;
    }

    Expiry expiry() {
        return expiry;
    }

    @Override
    public StreamState read(String stream) throws IOException {
        metrics.read();
        keys.setCurrentKey(stream);
        return streams.value();
    }

    @Override
    public NavigableMap<Long, Long> heldChunks(String stream) throws IOException {
        keys.setCurrentKey(stream);
        return heldChunks.index();
    }

    /** Notes a score of a stream, in the order in which they were recorded. */
    void obey(String stream, Recorded score) throws IOException {
        keys.setCurrentKey(stream);
        RecordedScores scores = recorded.value();
        if (scores == null) {
            scores = new RecordedScores();
        }
        scores.add(score);
        recorded.update(scores);
    }

    @Override
    public RecordedScores recorded(String stream) throws IOException {
        if (recorded == null) {
            return null;
        }
        keys.setCurrentKey(stream);
        return recorded.value();
    }

    @Override
    public float[] kept(String stream) throws IOException {
        if (!keeps) {
            return null;
        }
        keys.setCurrentKey(stream);
        return kept.value();
    }

    @Override
    public void write(Resident resident, List<StreamState.Vector> vectors) throws IOException {
        metrics.written();
        expiry.watch(resident);
        keys.setCurrentKey(resident.stream);
        streams.update(resident.state(vectors));
        if (keeps && resident.kept != resident.keptWritten) {
            kept.update(resident.kept);
            resident.keptWritten = resident.kept;
        }
    }

    /** Sets a stream's next timer. */
    void write(String stream, StreamState state, long end) throws IOException {
        expiry.set(stream, end);
        streams.update(state.withExpiry(end));
    }

    /** Removes a stream. */
    void clear(String stream) {
        keys.setCurrentKey(stream);
        streams.clear();
        chunks.clear();
        kept.clear();
    }
}
