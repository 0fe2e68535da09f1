package io.streamcell.operators;

import io.streamcell.kernels.FloatEnvironment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedMultiInput;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/**
 * Advances streams. Gathers their events in a {@link Bundle}, flushes it on size, on delay, on a
 * watermark, before a checkpoint's barrier and at the end of input, and emits what comes of them in
 * the order of arrival, each with its event's timestamp. Where a device computes, a bundle that
 * left on size or delay is in flight while the next one gathers. It is completed soon after the
 * device is done, and before the next one is launched, a watermark or a barrier passes, or the
 * input ends: nothing is held back across a barrier.
 */
final class ScoringOperator extends AbstractStreamOperator<OutputRecord>
        implements TwoInputStreamOperator<StreamEvent, ControlEvent, OutputRecord>,
                BoundedMultiInput,
                Triggerable<String, VoidNamespace>,
                StreamTimers.Bundles {
    private static final long serialVersionUID = 1;
    private static final int EVENTS = 1;

    static final OutputTag<Rejected> REJECTED = new OutputTag<>("rejected", ValueTypes.REJECTED);

    private final ServedModel model;
    private final NetworkSource source;
    private final ScoringOptions options;

    /** Of a job that scores events again; else null. */
    private final Replay replay;

    private final int maxTimesteps;
    private final int maxEvents;
    private final long maxDelayMillis;

    /** What gathers. */
    private Bundle bundle = new Bundle();

    /** What a device computes; without events where it computes nothing. */
    private Bundle inFlight = new Bundle();

    private final transient List<KeyedStates> states = new ArrayList<>();
    private transient ModelChanges modelChanges;
    private transient ResetAlls resetAlls;

    /** One for each model; that of the default model is the first. */
    private final transient List<Lane> lanes = new ArrayList<>();

    private transient Rounds rounds;
    private transient Emitter emitter;
    private transient StreamTimers timers;
    private transient ScoringMetrics counted;

    /** When the bundle must leave. */
    private transient long due;

    /** Rings when the bundle, or an earlier one, is due. */
    private transient Alarm dueAlarm;

    /** Rings when the device may be done. */
    private transient Alarm doneAlarm;

    ScoringOperator(
            StreamOperatorParameters<OutputRecord> parameters,
            ServedModel model,
            NetworkSource source,
            ScoringOptions options,
            Replay replay) {
        super(parameters);
        this.model = model;
        this.source = source;
        this.options = options;
        this.replay = replay;
        this.maxTimesteps = options.value(ScoringOptions.BUNDLE_MAX_TIMESTEPS);
        this.maxEvents = Math.min(maxTimesteps, options.value(ScoringOptions.SLAB_MAX_STREAMS));
        this.maxDelayMillis = options.value(ScoringOptions.BUNDLE_MAX_DELAY).toMillis();
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        OperatorStateStore broadcast = context.getOperatorStateStore();
        modelChanges =
                new ModelChanges(
                        broadcast.getBroadcastState(ScoringState.MODELS),
                        broadcast.getBroadcastState(ScoringState.MODEL_CHANGES));
        BroadcastState<Long, Long> resets = broadcast.getBroadcastState(ScoringState.RESET_ALLS);
        resetAlls = new ResetAlls(resets);
        for (Map.Entry<String, ServedModel> each : model.byName().entrySet()) {
            try {
                modelChanges.configure(
                        each.getKey(),
                        each.getValue().reference(),
                        options.value(ScoringOptions.ON_MODEL_CHANGE));
            } catch (ModelChangedException e) {
                throw new SuppressRestartsException(e);
            }
            states.add(
                    new KeyedStates(
                            this, each.getKey(), context.getKeyedStateStore(), replay != null));
        }
        if (replay != null) {
            for (ControlEvent event : replay.control()) {
                follow(event);
            }
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        FloatEnvironment.check();
        counted = new ScoringMetrics(getMetricGroup());
        InternalTimerService<VoidNamespace> service =
                getInternalTimerService(
                        ScoringState.TIMERS, VoidNamespaceSerializer.INSTANCE, this);
        Map<String, ServedModel> models = model.byName();
        Map<Lane, KeyedStates> ofLanes = new LinkedHashMap<>();
        for (KeyedStates each : states) {
            each.open(options, service, counted);
            ServedModel served = models.get(each.model());
            Lane lane =
                    new Lane(
                            served,
                            each.model(),
                            each,
                            each.heldChunks(),
                            resetAlls,
                            source,
                            options,
                            counted);
            lane.refresh(modelChanges);
            lanes.add(lane);
            ofLanes.put(lane, each);
        }
        counted.streams(lanes);
        rounds = new Rounds(options, counted);
        emitter = new Emitter(output::collect, put -> output.collect(REJECTED, put), counted);
        timers = new StreamTimers(ofLanes, this, emitter);
        dueAlarm = new Alarm(getProcessingTimeService(), this::launchIfDue);
        doneAlarm = new Alarm(getProcessingTimeService(), this::completeIfDone);
    }

    @Override
    public void processElement1(StreamRecord<StreamEvent> record) throws Exception {
        if (record.getValue().recorded() != null) {
            obey(record.getValue());
            return;
        }
        if (lanes.size() == 1) {
            add(record, lanes.get(0), false);
            return;
        }
        String name = record.getValue().model();
        for (Lane lane : lanes) {
            if (name.equals(lane.name()) || name.equals(StreamEvent.EVERY_MODEL)) {
                add(record, lane, false);
            }
        }
    }

    /** Notes what a replay is told of a stream before its events. */
    private void obey(StreamEvent event) throws IOException {
        for (KeyedStates each : states) {
            if (each.model().equals(event.model())) {
                each.obey(event.stream(), event.recorded());
            }
        }
    }

    @Override
    public void add(Lane lane, HeldChunk chunk) throws Exception {
        add(new StreamRecord<>(chunk.event(), chunk.timestamp()), lane, true);
    }

    private void add(StreamRecord<StreamEvent> record, Lane lane, boolean waited) throws Exception {
        if (bundle.events() == 0) {
            begin();
        }
        bundle.add(record, lane).waited = waited;
        if (maxDelayMillis == 0) {
            flush();
        } else if (bundle.timesteps() >= maxTimesteps || bundle.events() >= maxEvents) {
            launch();
        }
    }

    /**
     * Sets no key: the stream is looked up in the slab, and its key is set where keyed state is
     * accessed, which a stream at hand does not need.
     */
    @Override
    @SuppressWarnings("rawtypes")
    public void setKeyContextElement1(StreamRecord record) {}

    /** What came before is scored without it. */
    @Override
    public void processElement2(StreamRecord<ControlEvent> record) throws Exception {
        ControlEvent event = record.getValue();
        flush();
        Optional<String> refused = follow(event);
        if (refused.isEmpty()) {
            for (Lane lane : lanes) {
                lane.refresh(modelChanges);
            }
        } else if (getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0) {
            RejectedEventException why = new RejectedEventException(Reason.MODEL, refused.get());
            counted.rejected(why.reason());
            output.collect(REJECTED, new StreamRecord<>(Rejected.of(why, null, null, null)));
        }
    }

    /** Notes what is to happen to every stream; or why it cannot. */
    private Optional<String> follow(ControlEvent event) throws Exception {
        if (event.change() == null) {
            resetAlls.add(event.time());
            return Optional.empty();
        }
        Optional<String> refused = modelChanges.refused(event.change());
        if (refused.isEmpty()) {
            modelChanges.add(event.change());
        }
        return refused;
    }

    private void begin() {
        bundle.begin(System.nanoTime());
        if (maxDelayMillis > 0) {
            due = getProcessingTimeService().getCurrentProcessingTime() + maxDelayMillis;
            dueAlarm.set(due);
        }
    }

    private void launchIfDue(long time) throws Exception {
        if (bundle.events() > 0) {
            if (getProcessingTimeService().getCurrentProcessingTime() >= due) {
                launch();
            } else {
                dueAlarm.set(due);
            }
        }
    }

    /** Computes the bundle and emits it, or leaves it in flight where a device goes on with it. */
    private void launch() throws Exception {
        complete();
        if (bundle.events() == 0) {
            return;
        }
        counted.bundle(bundle.events(), bundle.timesteps(), System.nanoTime() - bundle.began());
        bundle.queue();
        rounds.begin(bundle);
        if (rounds.underway()) {
            Bundle empty = inFlight;
            inFlight = bundle;
            bundle = empty;
            completeSoon();
        } else {
            emit(bundle);
        }
    }

    private void completeSoon() {
        doneAlarm.set(getProcessingTimeService().getCurrentProcessingTime() + 1);
    }

    private void completeIfDone(long time) throws Exception {
        if (inFlight.events() > 0) {
            if (rounds.underway()) {
                completeSoon();
            } else {
                complete();
            }
        }
    }

    /** Waits for the bundle in flight, if there is one, and emits it. */
    private void complete() throws Exception {
        if (inFlight.events() > 0) {
            emit(inFlight);
        }
    }

    @Override
    public void flush() throws Exception {
        launch();
        complete();
    }

    private void emit(Bundle begun) throws Exception {
        rounds.end();
        emitter.emit(begun);
        counted.emitted(System.nanoTime() - begun.began());
        begun.clear();
        for (int k = 0; k < lanes.size(); k++) {
            lanes.get(k).settle();
        }
    }

    /** The end of time, which ends the input of a bounded job, is nobody's end. */
    @Override
    public void processWatermark(Watermark mark) throws Exception {
        flush();
        resetAlls.prune(mark.getTimestamp());
        if (mark.equals(Watermark.MAX_WATERMARK)) {
            releaseAll();
        } else {
            getTimeServiceManager().orElseThrow().advanceWatermark(mark);
        }
        flush();
        for (Lane lane : lanes) {
            lane.versions().retire(mark.getTimestamp());
        }
        output.emitWatermark(mark);
    }

    /** Lets all chunks go that are held, since nothing will come that they wait for. */
    private void releaseAll() throws Exception {
        for (Lane lane : lanes) {
            List<String> holding;
            try (Stream<String> streams =
                    this.<String>getKeyedStateBackend()
                            .getKeys(
                                    ScoringState.heldChunks(lane.name()).getName(),
                                    VoidNamespace.INSTANCE)) {
                holding = streams.distinct().toList();
            }
            for (String stream : holding) {
                timers.release(lane, stream, Long.MAX_VALUE);
            }
        }
    }

    @Override
    public void onEventTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
        timers.ring(timer.getKey(), timer.getTimestamp());
    }

    @Override
    public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) {
        throw new IllegalStateException("timers are of event time, got one of processing time");
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        flush();
        long before = System.nanoTime();
        for (Lane lane : lanes) {
            lane.streams().writeAll();
        }
        counted.checkpointWrite(System.nanoTime() - before);
        super.prepareSnapshotPreBarrier(checkpointId);
    }

    @Override
    public void endInput(int input) throws Exception {
        if (input == EVENTS) {
            flush();
        }
    }

    @Override
    public void finish() throws Exception {
        flush();
        super.finish();
    }

    /** Emits nothing; only waits, since a device must not compute in memory that is given back. */
    @Override
    public void close() throws Exception {
        try {
            lanes.forEach(Lane::close);
        } finally {
            lanes.clear();
            super.close();
        }
    }
}
