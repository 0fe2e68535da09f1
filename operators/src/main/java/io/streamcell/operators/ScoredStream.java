package io.streamcell.operators;

import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.transformations.TwoInputTransformation;

/**
 * The stream of a transformation that Flink's own builders cannot make: a keyed input beside a
 * broadcast one.
 */
final class ScoredStream extends SingleOutputStreamOperator<OutputRecord> {
    ScoredStream(
            StreamExecutionEnvironment environment,
            TwoInputTransformation<StreamEvent, ControlEvent, OutputRecord> transformation) {
        super(environment, transformation);
        environment.addOperator(transformation);
    }
}
