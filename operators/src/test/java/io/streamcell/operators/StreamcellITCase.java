package io.streamcell.operators;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A DataStream job of a user's own. */
class StreamcellITCase {
    private static final String MODEL = "../models/src/test/golden/lstm-sequences/model.keras";

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void scoresStatesAndRejectedEventsComeOut(boolean objectReuse) throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        configuration.set(PipelineOptions.OBJECT_REUSE, objectReuse);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(2, configuration);
        StreamEvent chunk =
                StreamEvent.chunk("a", new float[][] {{1, 2, 3, 4, 5}, {5, 4, 3, 2, 1}});
        DataStream<StreamEvent> events =
                environment.fromData(
                        ValueTypes.STREAM_EVENT,
                        chunk,
                        StreamEvent.export("a"),
                        StreamEvent.chunk("b", new float[][] {{1, 2}}),
                        StreamEvent.reset("a"),
                        chunk);

        Scored scored = Streamcell.score(events, ScoringOptions.forModel(MODEL));
        CloseableIterator<Score> scores = scored.scores().collectAsync();
        CloseableIterator<ExportedState> states = scored.states().collectAsync();
        CloseableIterator<Rejected> rejected = scored.rejected().collectAsync();
        environment.execute();

        List<Score> all = all(scores);
        assertThat(all).extracting(Score::start).containsExactly(0L, 2L);
        assertThat(all.get(1).outputs().get(0).values())
                .isEqualTo(all.get(0).outputs().get(0).values());
        assertThat(all(states)).extracting(ExportedState::next).containsExactly(2L);
        assertThat(all(rejected))
                .extracting(Rejected::message)
                .containsExactly(
                        "features must be 5 as in the model's input input_layer_8, got 2 at stream b");
    }

    private static <T> List<T> all(CloseableIterator<T> iterator) throws Exception {
        try (iterator) {
            List<T> all = new java.util.ArrayList<>();
            iterator.forEachRemaining(all::add);
            return all;
        }
    }
}
