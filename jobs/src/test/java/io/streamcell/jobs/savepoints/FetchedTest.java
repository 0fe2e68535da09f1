package io.streamcell.jobs.savepoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.jobs.savepoints.SavedStream.Origin;
import io.streamcell.state.StreamState;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

class FetchedTest {
    private static final int BYTES = 12_000_000;

    @Test
    void streamsOfAnySizeAreHandedOverAsTheyAre() throws Exception {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(1);
        List<SavedStream> fetched = new ArrayList<>();

        try (Fetched streams =
                Fetched.of(
                        environment
                                .fromSequence(1, 3)
                                .map(number -> stream(number.intValue()))
                                .returns(SavedStream.TYPE))) {
            while (streams.hasNext()) {
                fetched.add(streams.next());
            }
        }

        assertThat(fetched).extracting(SavedStream::stream).containsExactly("s-1", "s-2", "s-3");
        for (SavedStream each : fetched) {
            float[] expected = stream(Integer.parseInt(each.stream().substring(2))).kept();
            assertThat(each.kept()).isEqualTo(expected);
        }
    }

    /** The second one is large. */
    private static SavedStream stream(int number) {
        float[] kept = new float[number == 2 ? BYTES / Float.BYTES : 2];
        for (int k = 0; k < kept.length; k++) {
            kept[k] = number + k;
        }
        return new SavedStream(
                Origin.FOUND, "s-" + number, "default", StreamState.NEW, List.of(), kept);
    }
}
