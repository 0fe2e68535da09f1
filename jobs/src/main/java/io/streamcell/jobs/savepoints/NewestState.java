package io.streamcell.jobs.savepoints;

import io.streamcell.jobs.savepoints.SavedStream.Origin;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** Of the states that are given of a stream the last, unless the stream was given up with it. */
final class NewestState extends KeyedProcessFunction<String, SavedStream, SavedStream> {
    private static final long serialVersionUID = 1;

    private transient ValueState<SavedStream> newest;

    @Override
    public void open(OpenContext context) {
        newest =
                getRuntimeContext()
                        .getState(new ValueStateDescriptor<>("newest", SavedStream.TYPE));
    }

    @Override
    public void processElement(SavedStream saved, Context context, Collector<SavedStream> out)
            throws Exception {
        newest.update(saved);
        context.timerService().registerEventTimeTimer(Long.MAX_VALUE);
    }

    /** All have come. */
    @Override
    public void onTimer(long time, OnTimerContext context, Collector<SavedStream> out)
            throws Exception {
        SavedStream last = newest.value();
        if (last.origin() != Origin.GIVEN_UP) {
            out.collect(last);
        }
        newest.clear();
    }
}
