package io.streamcell.jobs.kafka;

import io.streamcell.operators.Reason;
import io.streamcell.operators.Rejected;
import java.util.EnumSet;
import java.util.Set;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.util.Collector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs the first rejected event of each reason, where nothing else is made of them.
 *
 * @param <T> what there would be otherwise; none comes
 */
public final class RejectedLog<T> extends RichFlatMapFunction<Rejected, T> {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(RejectedLog.class);

    private final String hint;
    private transient Set<Reason> seen;

    /**
     * @param hint what would keep them
     */
    public RejectedLog(String hint) {
        this.hint = hint;
    }

    @Override
    public void open(OpenContext context) {
        seen = EnumSet.noneOf(Reason.class);
    }

    @Override
    public void flatMap(Rejected rejected, Collector<T> out) {
        if (seen.add(rejected.reason())) {
            LOG.warn(
                    "an event was rejected ({}), the first for this reason: {} at {}; {}",
                    rejected.reason(),
                    rejected.message(),
                    rejected.origin(),
                    hint);
        }
    }
}
