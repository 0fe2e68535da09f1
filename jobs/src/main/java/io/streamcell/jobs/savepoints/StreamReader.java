package io.streamcell.jobs.savepoints;

import io.streamcell.operators.ScoringState;
import io.streamcell.state.StreamState;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.state.api.functions.KeyedStateReaderFunction;
import org.apache.flink.util.Collector;

/** Reads each stream of a savepoint once; every key must give a record, or Flink stops reading. */
final class StreamReader extends KeyedStateReaderFunction<String, SavedStream> {
    private static final long serialVersionUID = 1;

    private transient ValueState<StreamState> state;

    @Override
    public void open(OpenContext context) {
        state = getRuntimeContext().getState(ScoringState.STREAM);
    }

    @Override
    public void readKey(String stream, Context context, Collector<SavedStream> out)
            throws Exception {
        out.collect(SavedStream.found(stream, state.value()));
    }
}
