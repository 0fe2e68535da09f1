package io.streamcell.jobs.replay;

import io.streamcell.operators.Incoming;
import io.streamcell.operators.ValueTypes;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.BoundedMultiInput;
import org.apache.flink.streaming.api.operators.InputSelectable;
import org.apache.flink.streaming.api.operators.InputSelection;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperatorFactory;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Passes its first input on and, when that has ended, its second. Of one subtask, so that whoever
 * comes behind it sees that order, whatever the key.
 */
final class InOrder extends AbstractStreamOperator<Incoming>
        implements TwoInputStreamOperator<Incoming, Incoming, Incoming>,
                BoundedMultiInput,
                InputSelectable {
    private static final long serialVersionUID = 1;

    private boolean ended;

    private InOrder(StreamOperatorParameters<Incoming> parameters) {
        super(parameters);
    }

    /** One after the other. */
    static SingleOutputStreamOperator<Incoming> of(
            DataStream<Incoming> first, DataStream<Incoming> second) {
        return first.connect(second)
                .transform("in order", ValueTypes.INCOMING, new Factory())
                .setParallelism(1);
    }

    @Override
    public void processElement1(StreamRecord<Incoming> record) {
        output.collect(record);
    }

    @Override
    public void processElement2(StreamRecord<Incoming> record) {
        output.collect(record);
    }

    @Override
    public InputSelection nextSelection() {
        return ended ? InputSelection.ALL : InputSelection.FIRST;
    }

    @Override
    public void endInput(int input) {
        ended = true;
    }

    /** Makes the operator on the task that runs it. */
    private static final class Factory extends AbstractStreamOperatorFactory<Incoming>
            implements TwoInputStreamOperatorFactory<Incoming, Incoming, Incoming> {
        private static final long serialVersionUID = 1;

        @Override
        @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
        public <T extends StreamOperator<Incoming>> T createStreamOperator(
                StreamOperatorParameters<Incoming> parameters) {
            return (T) new InOrder(parameters);
        }

        @Override
        @SuppressWarnings("rawtypes")
        public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader loader) {
            return InOrder.class;
        }
    }
}
