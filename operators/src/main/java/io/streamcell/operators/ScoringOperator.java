package io.streamcell.operators;

import io.streamcell.kernels.FloatEnvironment;
import io.streamcell.kernels.KernelOptions;
import io.streamcell.kernels.KernelProviders;
import io.streamcell.kernels.NetworkKernel;
import io.streamcell.kernels.StateSlab;
import io.streamcell.models.Network;
import io.streamcell.state.StreamState;
import io.streamcell.state.StreamStateSerializer;
import java.io.IOException;
import java.util.concurrent.ScheduledFuture;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedMultiInput;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Advances streams. Gathers their events in a {@link Bundle}, flushes it on size, on delay, on a
 * watermark, before a checkpoint's barrier and at the end of input, and emits what comes of them in
 * the order of arrival, each with its event's timestamp. Nothing is held back across a barrier.
 */
final class ScoringOperator extends AbstractStreamOperator<OutputRecord>
        implements TwoInputStreamOperator<StreamEvent, ControlEvent, OutputRecord>,
                BoundedMultiInput,
                StreamStates {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(ScoringOperator.class);
    private static final int EVENTS = 1;

    static final OutputTag<Rejected> REJECTED = new OutputTag<>("rejected", ValueTypes.REJECTED);

    static final ValueStateDescriptor<StreamState> STREAM_STATE =
            new ValueStateDescriptor<>("stream-state", StreamStateSerializer.INSTANCE);

    static final MapStateDescriptor<String, ModelReference> MODELS =
            new MapStateDescriptor<>(
                    "models", StringSerializer.INSTANCE, new ModelReferenceSerializer());

    private final ServedModel model;
    private final NetworkSource source;
    private final ScoringOptions options;
    private final int maxTimesteps;
    private final int maxEvents;
    private final long maxDelayMillis;
    private final Bundle bundle = new Bundle();

    /** What every score is emitted in. */
    private final StreamRecord<OutputRecord> score = new StreamRecord<>(null);

    private transient ValueState<StreamState> streamState;
    private transient ModelChange modelChange;
    private transient NetworkKernel kernel;
    private transient StateSlab slab;
    private transient ResidentStreams residents;
    private transient Rounds rounds;
    private transient ScoringMetrics counted;

    private transient long bundleBegan;

    /** When the bundle must leave. */
    private transient long due;

    /** Set for this bundle or an earlier one, or null. */
    private transient ScheduledFuture<?> timer;

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
        streamState = context.getKeyedStateStore().getState(STREAM_STATE);
        BroadcastState<String, ModelReference> models =
                context.getOperatorStateStore().getBroadcastState(MODELS);
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
        counted = new ScoringMetrics(getMetricGroup());
        ScoringMetrics.streams(getMetricGroup(), residents::size, residents::dirty);
        rounds = new Rounds(model, options, kernel, slab, residents, counted);
    }

    @Override
    public void processElement1(StreamRecord<StreamEvent> record) throws Exception {
        StreamEvent event = record.getValue();
        if (bundle.events() == 0) {
            begin();
        }
        bundle.add(record, rounds.timesteps(event));
        boolean full = bundle.timesteps() >= maxTimesteps || bundle.events() >= maxEvents;
        if (full || maxDelayMillis == 0) {
            flush();
        }
    }

    /**
     * Sets no key: the stream is looked up in the slab, and its key is set where keyed state is
     * accessed, which a stream at hand does not need.
     */
    @Override
    @SuppressWarnings("rawtypes")
    public void setKeyContextElement1(StreamRecord record) {}

    /**
     * No control event is known yet; the input stands, so that jobs of later versions restore this
     * one's state.
     */
    @Override
    public void processElement2(StreamRecord<ControlEvent> record) {
        throw new IllegalStateException(
                "a control event must be of a known kind, got " + record.getValue().kind());
    }

    private void begin() {
        bundleBegan = System.nanoTime();
        if (maxDelayMillis > 0) {
            due = getProcessingTimeService().getCurrentProcessingTime() + maxDelayMillis;
            if (timer == null) {
                setTimer();
            }
        }
    }

    /** One timer at a time: bundles that leave before it do not set and cancel one each. */
    private void setTimer() {
        timer = getProcessingTimeService().registerTimer(due, this::flushIfDue);
    }

    private void flushIfDue(long time) throws Exception {
        timer = null;
        if (bundle.events() > 0) {
            if (getProcessingTimeService().getCurrentProcessingTime() >= due) {
                flush();
            } else {
                setTimer();
            }
        }
    }

    private void flush() throws Exception {
        if (bundle.events() == 0) {
            return;
        }
        counted.flush(bundle.timesteps(), System.nanoTime() - bundleBegan);
        bundle.queue(residents);
        rounds.run(bundle);
        for (int k = 0; k < bundle.events(); k++) {
            emit(bundle.event(k));
        }
        bundle.clear();
        rounds.clear();
        residents.trickle();
    }

    private void emit(Pending pending) {
        if (pending.scored) {
            output.collect(stamped(score.replace(rounds.score(pending)), pending));
        } else if (pending.exported != null) {
            output.collect(stamped(new StreamRecord<>(pending.exported), pending));
        } else if (pending.rejected != null) {
            counted.rejected();
            output.collect(REJECTED, stamped(new StreamRecord<>(pending.rejected), pending));
        }
    }

    private static <T> StreamRecord<T> stamped(StreamRecord<T> record, Pending pending) {
        if (pending.timestamp == Long.MIN_VALUE) {
            record.eraseTimestamp();
        } else {
            record.setTimestamp(pending.timestamp);
        }
        return record;
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        flush();
        super.processWatermark(mark);
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

    @Override
    public void close() throws Exception {
        if (slab != null) {
            slab.close();
        }
        if (kernel != null) {
            kernel.close();
        }
        super.close();
    }

    @Override
    public StreamState read(String stream) throws IOException {
        setCurrentKey(stream);
        return streamState.value();
    }

    @Override
    public void write(String stream, StreamState state) throws IOException {
        setCurrentKey(stream);
        streamState.update(state);
    }
}
