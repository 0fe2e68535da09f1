package io.streamcell.operators;

import java.util.List;
import java.util.function.ToIntFunction;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MeterView;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/** What the operator tells of itself, in the metric group {@code streamcell} of its subtask. */
final class ScoringMetrics {
    private static final int WINDOW = 1000;

    private final Histogram bundleTimesteps;
    private final Histogram bundleWait;
    private final Histogram kernelTime;
    private final Counter timesteps;
    private final Counter resets;
    private final Counter lateResets;
    private final Counter expired;
    private final Counter modelChanges;
    private final Counter gaps;
    private final Counter heldChunks;
    private final Counter duplicates;
    private final Counter rejected;
    private final Counter kernelCalls;

    ScoringMetrics(MetricGroup parent) {
        MetricGroup group = parent.addGroup("streamcell");
        bundleTimesteps = group.histogram("bundleTimesteps", histogram());
        bundleWait = group.histogram("bundleWaitMicros", histogram());
        kernelTime = group.histogram("kernelMicros", histogram());
        timesteps = group.counter("timesteps");
        group.meter("timestepsPerSecond", new MeterView(timesteps));
        resets = group.counter("resets");
        lateResets = group.counter("lateResets");
        expired = group.counter("expiredStreams");
        modelChanges = group.counter("modelChanges");
        gaps = group.counter("gaps");
        heldChunks = group.counter("heldChunks");
        duplicates = group.counter("duplicateTimesteps");
        rejected = group.counter("rejected");
        kernelCalls = group.counter("kernelCalls");
    }

    /** Adds the gauges of the streams at hand. */
    static void streams(MetricGroup parent, List<Lane> lanes) {
        MetricGroup group = parent.addGroup("streamcell");
        gauge(group, "residentStreams", lanes, ResidentStreams::size);
        gauge(group, "dirtyStreams", lanes, ResidentStreams::dirty);
    }

    private static void gauge(
            MetricGroup group, String name, List<Lane> lanes, ToIntFunction<ResidentStreams> of) {
        group.gauge(
                name,
                (Gauge<Integer>)
                        () -> lanes.stream().mapToInt(lane -> of.applyAsInt(lane.streams())).sum());
    }

    private static Histogram histogram() {
        return new DescriptiveStatisticsHistogram(WINDOW);
    }

    void flush(long bundled, long waitNanos) {
        bundleTimesteps.update(bundled);
        bundleWait.update(waitNanos / 1000);
    }

    /**
     * Counts a kernel call.
     *
     * @param nanos that it held the operator's thread: computing, or launching and waiting
     */
    void kernelCall(long nanos, int advanced) {
        kernelCalls.inc();
        kernelTime.update(nanos / 1000);
        timesteps.inc(advanced);
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

    void rejected() {
        rejected.inc();
    }
}
