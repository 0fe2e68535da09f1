package io.streamcell.jobs.kafka;

import io.streamcell.operators.Reason;
import io.streamcell.operators.Rejected;
import java.util.EnumMap;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.metrics.Counter;
import org.apache.flink.util.Collector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts rejected events by reason and logs the first of each, where no topic is configured for
 * them.
 */
public final class RejectedLog extends RichFlatMapFunction<Rejected, OutgoingRecord> {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(RejectedLog.class);

    private transient Map<Reason, Counter> counters;

    @Override
    public void open(OpenContext context) {
        counters = new EnumMap<>(Reason.class);
    }

    @Override
    public void flatMap(Rejected rejected, Collector<OutgoingRecord> out) {
        Counter counter = counters.get(rejected.reason());
        if (counter == null) {
            counter =
                    getRuntimeContext()
                            .getMetricGroup()
                            .addGroup("streamcell")
                            .addGroup("reason", rejected.reason().toString())
                            .counter("rejected");
            counters.put(rejected.reason(), counter);
            LOG.warn(
                    "an event was rejected ({}), the first for this reason: {} at {}; rejected.topic keeps them",
                    rejected.reason(),
                    rejected.message(),
                    rejected.origin());
        }
        counter.inc();
    }
}
