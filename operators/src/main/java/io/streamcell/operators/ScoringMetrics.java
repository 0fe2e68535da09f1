package io.streamcell.operators;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MeterView;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/** Keeps the operator's {@link Metric}s. */
final class ScoringMetrics {
    private static final int WINDOW = 1000;

    private final MetricGroup group;
    private final RejectedCounters rejected;
    private final Map<String, int[]> models = new HashMap<>();

    private final Counter events;
    private final Counter timesteps;
    private final Histogram bundleTimesteps;
    private final Histogram bundleWait;
    private final Histogram latency;
    private final Counter kernelCalls;
    private final Histogram kernelMicros;
    private final Counter kernelBusy;
    private final Counter read;
    private final Counter written;
    private final Counter evictions;
    private final Histogram checkpointWrite;
    private final Counter resets;
    private final Counter lateResets;
    private final Counter expired;
    private final Counter heldChunks;
    private final Counter gaps;
    private final Counter duplicates;
    private final Counter modelChanges;

    ScoringMetrics(MetricGroup parent) {
        group = parent.addGroup(Metric.GROUP);
        rejected = new RejectedCounters(group);
        events = counter(Metric.EVENTS);
        timesteps = counter(Metric.TIMESTEPS);
        group.meter(Metric.TIMESTEPS_PER_SECOND.key(), new MeterView(timesteps));
        bundleTimesteps = histogram(Metric.BUNDLE_TIMESTEPS);
        bundleWait = histogram(Metric.BUNDLE_WAIT);
        latency = histogram(Metric.LATENCY);
        kernelCalls = counter(Metric.KERNEL_CALLS);
        kernelMicros = histogram(Metric.KERNEL_MICROS);
        kernelBusy = counter(Metric.KERNEL_BUSY);
        read = counter(Metric.STREAMS_READ);
        written = counter(Metric.STREAMS_WRITTEN);
        evictions = counter(Metric.EVICTIONS);
        checkpointWrite = histogram(Metric.CHECKPOINT_WRITE);
        resets = counter(Metric.RESETS);
        lateResets = counter(Metric.LATE_RESETS);
        expired = counter(Metric.EXPIRED_STREAMS);
        heldChunks = counter(Metric.HELD_CHUNKS);
        gaps = counter(Metric.GAPS);
        duplicates = counter(Metric.DUPLICATES);
        modelChanges = counter(Metric.MODEL_CHANGES);
    }

    private Counter counter(Metric metric) {
        return group.counter(metric.key());
    }

    private Histogram histogram(Metric metric) {
        return group.histogram(metric.key(), new DescriptiveStatisticsHistogram(WINDOW));
    }

    /** Adds the gauges of the streams at hand. */
    void streams(List<Lane> lanes) {
        gauge(Metric.RESIDENT_STREAMS, lanes, ResidentStreams::size);
        gauge(Metric.DIRTY_STREAMS, lanes, ResidentStreams::dirty);
    }

    private void gauge(Metric metric, List<Lane> lanes, ToIntFunction<ResidentStreams> of) {
        group.gauge(
                metric.key(),
                (Gauge<Integer>)
                        () -> lanes.stream().mapToInt(lane -> of.applyAsInt(lane.streams())).sum());
    }

    /**
     * Says which model is the newest of a name.
     *
     * @param label as in scores
     */
    void serves(String name, String label) {
        models.forEach((key, value) -> value[0] = key.startsWith(name + " ") ? 0 : value[0]);
        int[] served =
                models.computeIfAbsent(
                        name + " " + label,
                        key -> {
                            int[] value = new int[1];
                            group.addGroup("name", name)
                                    .addGroup("label", label)
                                    .gauge(Metric.MODEL.key(), (Gauge<Integer>) () -> value[0]);
                            return value;
                        });
        served[0] = 1;
    }

    void bundle(int count, long bundled, long waitNanos) {
        events.inc(count);
        bundleTimesteps.update(bundled);
        bundleWait.update(waitNanos / 1000);
    }

    /**
     * The scores of a bundle left.
     *
     * @param nanos after its first event came
     */
    void emitted(long nanos) {
        latency.update(nanos / 1000);
    }

    /**
     * Counts a kernel call.
     *
     * @param nanos that it held the operator's thread: computing, or launching and waiting
     */
    void kernelCall(long nanos, int advanced) {
        kernelCalls.inc();
        kernelMicros.update(nanos / 1000);
        kernelBusy.inc(nanos / 1000);
        timesteps.inc(advanced);
    }

    /** A stream was looked up in the state backend. */
    void read() {
        read.inc();
    }

    /** A stream was written to the state backend. */
    void written() {
        written.inc();
    }

    /** Counts the streams that leave the slab for others. */
    Counter evictions() {
        return evictions;
    }

    /** All that had changed was written before a checkpoint. */
    void checkpointWrite(long nanos) {
        checkpointWrite.update(nanos / 1000);
    }

    void reset() {
        resets.inc();
    }

    /** A reset that was announced before a timestep that was scored already. */
    void lateReset() {
        lateResets.inc();
    }

    /** A stream's state was given up. */
    void expired() {
        expired.inc();
    }

    /** A stream went over to another model. */
    void modelChange() {
        modelChanges.inc();
    }

    void gap() {
        gaps.inc();
    }

    /** A chunk came too early and waits. */
    void held() {
        heldChunks.inc();
    }

    void duplicates(int count) {
        duplicates.inc(count);
    }

    void rejected(Reason reason) {
        rejected.count(reason);
    }
}
