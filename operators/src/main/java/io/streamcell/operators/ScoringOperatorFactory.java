package io.streamcell.operators;

import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperatorFactory;

/** Makes the operator on the task that runs it. */
final class ScoringOperatorFactory extends AbstractStreamOperatorFactory<OutputRecord>
        implements TwoInputStreamOperatorFactory<StreamEvent, ControlEvent, OutputRecord> {
    private static final long serialVersionUID = 1;

    private final ServedModel model;
    private final NetworkSource source;
    private final ScoringOptions options;
    private final Replay replay;

    /**
     * @param source of the weights, on each task; the model's own file but in tests
     */
    ScoringOperatorFactory(ServedModel model, NetworkSource source, ScoringOptions options) {
        this(model, source, options, null);
    }

    /**
     * @param replay of a job that scores events again; else null
     */
    ScoringOperatorFactory(
            ServedModel model, NetworkSource source, ScoringOptions options, Replay replay) {
        this.model = model;
        this.source = source;
        this.options = options;
        this.replay = replay;
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    public <T extends StreamOperator<OutputRecord>> T createStreamOperator(
            StreamOperatorParameters<OutputRecord> parameters) {
        return (T) new ScoringOperator(parameters, model, source, options, replay);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader loader) {
        return ScoringOperator.class;
    }
}
