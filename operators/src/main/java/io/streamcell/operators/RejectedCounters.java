package io.streamcell.operators;

import java.util.EnumMap;
import java.util.Map;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** Counts rejected events by their reason, the label {@code reason}. For a task's own thread. */
public final class RejectedCounters {
    private final MetricGroup group;
    private final Map<Reason, Counter> byReason = new EnumMap<>(Reason.class);

    /**
     * @param group {@link Metric#GROUP} of a task
     */
    RejectedCounters(MetricGroup group) {
        this.group = group;
    }

    /** Those of a function's task. */
    public static RejectedCounters of(RuntimeContext context) {
        return new RejectedCounters(context.getMetricGroup().addGroup(Metric.GROUP));
    }

    /** Counts an event. */
    public void count(Reason reason) {
        byReason.computeIfAbsent(
                        reason,
                        each ->
                                group.addGroup("reason", each.toString())
                                        .counter(Metric.REJECTED.key()))
                .inc();
    }
}
