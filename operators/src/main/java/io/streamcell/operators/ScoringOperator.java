package io.streamcell.operators;

import io.streamcell.kernels.FloatEnvironment;
import io.streamcell.kernels.KernelOptions;
import io.streamcell.kernels.KernelProviders;
import io.streamcell.kernels.NetworkKernel;
import io.streamcell.kernels.StateSlab;
import io.streamcell.models.Network;
import io.streamcell.state.StreamState;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.ValueState;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
                StreamStates {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(ScoringOperator.class);
    private static final int EVENTS = 1;

    static final OutputTag<Rejected> REJECTED = new OutputTag<>("rejected", ValueTypes.REJECTED);

    private final ServedModel model;
    private final NetworkSource source;
    private final ScoringOptions options;
    private final int maxTimesteps;
    private final int maxEvents;
    private final long maxDelayMillis;

    /** What gathers. */
    private Bundle bundle = new Bundle();

    /** What a device computes; without events where it computes nothing. */
    private Bundle inFlight = new Bundle();

    private transient ValueState<StreamState> streamState;
    private transient ModelChange modelChange;
    private transient ResetAlls resetAlls;
    private transient Expiry expiry;
    private transient HeldChunks heldChunks;
    private transient MapState<Long, HeldChunk> heldState;
    private transient NetworkKernel kernel;
    private transient StateSlab slab;
    private transient ResidentStreams residents;
    private transient Rounds rounds;
    private transient Emitter emitter;
    private transient ScoringMetrics counted;

    private transient long bundleBegan;

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
            ScoringOptions options) {
        super(parameters);
        this.model = model;
        this.source = source;
        this.options = options;
        this.maxTimesteps = options.value(ScoringOptions.BUNDLE_MAX_TIMESTEPS);
        this.maxEvents = Math.min(maxTimesteps, options.value(ScoringOptions.SLAB_MAX_STREAMS));
        this.maxDelayMillis = options.value(ScoringOptions.BUNDLE_MAX_DELAY).toMillis();
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        streamState = context.getKeyedStateStore().getState(ScoringState.STREAM);
        heldState = context.getKeyedStateStore().getMapState(ScoringState.HELD_CHUNKS);
        BroadcastState<String, ModelReference> models =
                context.getOperatorStateStore().getBroadcastState(ScoringState.MODELS);
        try {
            modelChange =
                    ModelChange.check(
                            models.get(StreamEvent.DEFAULT_MODEL),
                            model.reference(),
                            options.value(ScoringOptions.ON_MODEL_CHANGE));
        } catch (ModelChangedException e) {
            throw new SuppressRestartsException(e);
        }
        models.put(StreamEvent.DEFAULT_MODEL, model.reference());
        resetAlls =
                new ResetAlls(
                        context.getOperatorStateStore().getBroadcastState(ScoringState.RESET_ALLS));
    }

    @Override
    public void open() throws Exception {
        super.open();
        FloatEnvironment.check();
        Network network = source.network();
        KernelOptions kernelOptions = options.kernelOptions();
        KernelProviders.Choice choice =
                KernelProviders.choose(
                        options.value(ScoringOptions.KERNEL_PROVIDER), network, kernelOptions);
        LOG.info("kernel provider {}: {}", choice.provider().name(), choice.reason());
        kernel =
                KernelProviders.compile(
                        choice.provider(), network, model.signature().layout(), kernelOptions);
        slab = kernel.newSlab(options.value(ScoringOptions.SLAB_MAX_STREAMS));
        residents =
                new ResidentStreams(
                        this,
                        slab,
                        model,
                        modelChange,
                        options.value(ScoringOptions.SLAB_MAX_DIRTY));
        InternalTimerService<VoidNamespace> timers =
                getInternalTimerService(
                        ScoringState.TIMERS, VoidNamespaceSerializer.INSTANCE, this);
        expiry = new Expiry(options, timers);
        heldChunks = new HeldChunks(options, this, heldState, timers);
        counted = new ScoringMetrics(getMetricGroup());
        ScoringMetrics.streams(getMetricGroup(), residents::size, residents::dirty);
        rounds =
                new Rounds(model, options, kernel, slab, residents, resetAlls, heldChunks, counted);
        emitter = new Emitter(output, rounds, counted);
        dueAlarm = new Alarm(getProcessingTimeService(), this::launchIfDue);
        doneAlarm = new Alarm(getProcessingTimeService(), this::completeIfDone);
    }

    @Override
    public void processElement1(StreamRecord<StreamEvent> record) throws Exception {
        add(record, false);
    }

    /**
     * Adds an event to the bundle.
     *
     * @param waited whether it is a chunk that was held and waits no longer
     */
    private void add(StreamRecord<StreamEvent> record, boolean waited) throws Exception {
        if (bundle.events() == 0) {
            begin();
        }
        bundle.add(record, rounds.timesteps(record.getValue())).waited = waited;
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
        if (!event.kind().equals(ControlEvent.RESET_ALL)) {
            throw new IllegalStateException(
                    "a control event must be of a known kind, got " + event.kind());
        }
        flush();
        resetAlls.add(event.time());
    }

    private void begin() {
        bundleBegan = System.nanoTime();
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
        counted.flush(bundle.timesteps(), System.nanoTime() - bundleBegan);
        bundle.queue(residents);
        rounds.begin(bundle);
        if (kernel.underway()) {
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
            if (kernel.underway()) {
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

    /** Computes and emits everything. */
    private void flush() throws Exception {
        launch();
        complete();
    }

    private void emit(Bundle begun) throws Exception {
        rounds.end();
        emitter.emit(begun);
        begun.clear();
        rounds.clear();
        residents.trickle();
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
        output.emitWatermark(mark);
    }

    @Override
    public void onEventTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
        release(timer.getKey(), timer.getTimestamp());
        if (expiry.applies()) {
            lookAfter(timer.getKey(), timer.getTimestamp());
        }
    }

    /** Lets the chunks go that a stream holds and that wait no longer than up to a time. */
    private void release(String stream, long time) throws Exception {
        Resident resident = residents.find(stream);
        if (resident == null) {
            StreamState state = streamState.value();
            if (state == null || state.ahead().heldChunks() == 0) {
                return;
            }
            resident = residents.resident(stream);
        }
        for (HeldChunk over : heldChunks.overdue(resident, time + 1)) {
            add(new StreamRecord<>(over.event(), over.timestamp()), true);
        }
    }

    /** Lets all chunks go that are held, since nothing will come that they wait for. */
    private void releaseAll() throws Exception {
        List<String> streams;
        try (Stream<String> holding =
                this.<String>getKeyedStateBackend()
                        .getKeys(ScoringState.HELD_CHUNKS.getName(), VoidNamespace.INSTANCE)) {
            streams = holding.distinct().toList();
        }
        for (String stream : streams) {
            setCurrentKey(stream);
            release(stream, Long.MAX_VALUE - 1);
        }
    }

    @Override
    public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) {
        throw new IllegalStateException("timers are of event time, got one of processing time");
    }

    /** Gives a stream up whose time is over, or sets its next timer. */
    private void lookAfter(String stream, long now) throws Exception {
        flush();
        setCurrentKey(stream);
        Resident resident = residents.find(stream);
        StreamState state = resident == null ? streamState.value() : null;
        if (resident == null && state == null) {
            return;
        }
        long last = resident == null ? state.lastTime() : resident.lastTime;
        if (last == StreamState.NO_TIME) {
            return;
        }
        long end = expiry.end(last);
        if (resident != null && resident.held != null) {
            end = Math.max(end, Collections.max(resident.held.values()));
        }
        if (end > now) {
            expiry.set(end);
            if (resident == null) {
                streamState.update(state.withExpiry(end));
            } else {
                resident.expiry = end;
                residents.touch(resident);
            }
            return;
        }
        Resident over = residents.resident(stream);
        emitter.emit(rounds.expired(over), now);
        residents.remove(over);
        setCurrentKey(stream);
        streamState.clear();
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        flush();
        residents.writeAll();
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
        try (NetworkKernel closedLast = kernel;
                StateSlab closedFirst = slab) {
            if (kernel != null) {
                kernel.await();
            }
        } finally {
            super.close();
        }
    }

    @Override
    public StreamState read(String stream) throws IOException {
        setCurrentKey(stream);
        return streamState.value();
    }

    @Override
    public NavigableMap<Long, Long> heldChunks(String stream) throws IOException {
        setCurrentKey(stream);
        return heldChunks.index();
    }

    @Override
    public void write(Resident resident, List<StreamState.Vector> vectors) throws IOException {
        setCurrentKey(resident.stream);
        expiry.watch(resident);
        streamState.update(resident.state(vectors));
    }
}
