package io.streamcell.jobs.kafka;

import io.streamcell.operators.ControlEvent;
import io.streamcell.operators.Rejected;
import io.streamcell.operators.RejectedCounters;
import io.streamcell.operators.ValueTypes;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Sends records of the control topic that are no control events to a side output. */
public final class ControlEvents extends ProcessFunction<ControlRecord, ControlEvent> {
    private static final long serialVersionUID = 1;

    public static final OutputTag<Rejected> REJECTED =
            new OutputTag<>("rejected-control", ValueTypes.REJECTED);

    private transient RejectedCounters rejected;

    @Override
    public void open(OpenContext context) {
        rejected = RejectedCounters.of(getRuntimeContext());
    }

    @Override
    public void processElement(ControlRecord record, Context context, Collector<ControlEvent> out) {
        if (record.event() != null) {
            out.collect(record.event());
        } else {
            rejected.count(record.rejected().reason());
            context.output(REJECTED, record.rejected());
        }
    }
}
