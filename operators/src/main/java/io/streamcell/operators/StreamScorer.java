package io.streamcell.operators;

import io.streamcell.state.StreamState;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Scores events one at a time, each against a state that its caller keeps: for functions that are
 * handed one key and its state, as those of SQL are. Rules, states and bits are those of {@link
 * Streamcell#score}, which computes many streams at once. Owns a compiled model. Not for use by
 * several threads.
 */
public final class StreamScorer implements AutoCloseable {
    /** What becomes of an event. */
    public interface Results {
        /**
         * A score or an exported state.
         *
         * @param record valid until the call returns, see {@link Score}
         */
        void record(OutputRecord record);

        /** The event was rejected, and its stream's state is unchanged. */
        void rejected(Rejected rejected);
    }

    /** These need timers, or more state than a stream's own. */
    private static final List<ConfigOption<?>> UNSUPPORTED =
            List.of(
                    ScoringOptions.MAX_WAIT,
                    ScoringOptions.STATE_TTL,
                    ScoringOptions.KEPT_TIMESTEPS,
                    ScoringOptions.ON_MODEL_CHANGE);

    private final GivenState given;
    private final Lane lane;
    private final Rounds rounds;
    private final Emitter emitter;
    private final ScoringMetrics metrics;
    private final Bundle bundle = new Bundle();

    /**
     * Compiles the model.
     *
     * @throws IllegalArgumentException if an option is set that needs the operator
     * @throws IOException if the model cannot be read, or its file has changed
     */
    public StreamScorer(
            ServedModel model, ScoringOptions options, MetricGroup group, Results results)
            throws IOException {
        this(
                model,
                reference -> ServedModel.network(reference, model.carriesConvolutions()),
                options,
                group,
                results);
    }

    StreamScorer(
            ServedModel model,
            NetworkSource source,
            ScoringOptions options,
            MetricGroup group,
            Results results)
            throws IOException {
        check(model, options);
        ScoringOptions one = options.with(ScoringOptions.SLAB_MAX_STREAMS, 1);
        metrics = new ScoringMetrics(group);
        given = new GivenState(metrics);
        lane =
                new Lane(
                        model,
                        StreamEvent.DEFAULT_MODEL,
                        given,
                        HeldChunks.none(one),
                        new ResetAlls(),
                        source,
                        one,
                        metrics);
        lane.serve(model.reference(), new TreeMap<>());
        metrics.streams(List.of(lane));
        rounds = new Rounds(one, metrics);
        emitter =
                new Emitter(
                        record -> results.record(record.getValue()),
                        put -> results.rejected(put.getValue()),
                        metrics);
    }

    /**
     * Checks what the constructor checks, without the model's file.
     *
     * @throws IllegalArgumentException if an option is set that needs the operator
     */
    public static void check(ServedModel model, ScoringOptions options) {
        for (ConfigOption<?> option : UNSUPPORTED) {
            Object value = options.value(option);
            if (value != null && !value.equals(option.defaultValue())) {
                throw new IllegalArgumentException(
                        "%s must be left out where streams are scored one event at a time, got %s: it needs the operator"
                                .formatted(option.key(), value));
            }
        }
        if (!model.beside().isEmpty()) {
            throw new IllegalArgumentException(
                    "there must be one model where streams are scored one event at a time, got others, too: "
                            + model.beside().keySet());
        }
    }

    /**
     * Scores an event.
     *
     * @param event checked by {@link EventCheck}
     * @param timestamp of its record, or {@code Long.MIN_VALUE} without one
     * @param before the stream's state; null for a stream without one
     * @return the stream's state after it, the same object where the event changed nothing
     */
    public StreamState score(StreamEvent event, long timestamp, StreamState before)
            throws IOException {
        given.state = before;
        StreamRecord<StreamEvent> record = new StreamRecord<>(event);
        if (timestamp != Long.MIN_VALUE) {
            record.setTimestamp(timestamp);
        }
        bundle.begin(System.nanoTime());
        bundle.add(record, lane);
        bundle.queue();
        metrics.bundle(1, bundle.timesteps(), 0);
        rounds.begin(bundle);
        rounds.end();
        emitter.emit(bundle);
        metrics.emitted(System.nanoTime() - bundle.began());
        bundle.clear();
        lane.settle();
        lane.streams().writeAll();
        Resident resident = lane.streams().find(event.stream());
        if (resident != null) {
            lane.streams().remove(resident);
        }
        return given.state;
    }

    /** Counts an event that did not pass its check. */
    public void count(Reason reason) {
        metrics.rejected(reason);
    }

    @Override
    public void close() {
        lane.close();
    }

    /** The state of the one stream that an event is scored for. */
    private static final class GivenState implements StreamStates {
        private final ScoringMetrics metrics;
        private StreamState state;

        GivenState(ScoringMetrics metrics) {
            this.metrics = metrics;
        }

        @Override
        public StreamState read(String stream) {
            metrics.read();
            return state;
        }

        @Override
        public NavigableMap<Long, Long> heldChunks(String stream) {
            return Collections.emptyNavigableMap();
        }

        @Override
        public RecordedScores recorded(String stream) {
            return null;
        }

        @Override
        public float[] kept(String stream) {
            return null;
        }

        @Override
        public void write(Resident resident, List<StreamState.Vector> vectors) {
            metrics.written();
            state = resident.state(vectors);
        }
    }
}
