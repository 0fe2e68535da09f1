package io.streamcell.jobs.replay;

import io.streamcell.operators.OutputRecord;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperatorFactory;

/** Makes the operator on the task that runs it. */
final class VerifierFactory extends AbstractStreamOperatorFactory<byte[]>
        implements TwoInputStreamOperatorFactory<OutputRecord, OutputRecord, byte[]> {
    private static final long serialVersionUID = 1;

    private final Verifier.Settings settings;

    VerifierFactory(Verifier.Settings settings) {
        this.settings = settings;
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    public <T extends StreamOperator<byte[]>> T createStreamOperator(
            StreamOperatorParameters<byte[]> parameters) {
        return (T) new Verifier(parameters, settings);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader loader) {
        return Verifier.class;
    }
}
