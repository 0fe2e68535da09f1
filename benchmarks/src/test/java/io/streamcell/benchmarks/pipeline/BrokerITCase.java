package io.streamcell.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerITCase {
    @TempDir Path folder;

    @Test
    void aTopicIsReadOnlyOnceItIsKnown() throws Exception {
        try (Broker broker = Broker.start(folder)) {
            assertThatThrownBy(() -> new ScoreTopic(broker.bootstrapServers(), "none", List.of()))
                    .hasMessage(
                            "topic none must have partitions to read scores from, got none: is it known yet?");
            for (int k = 0; k < 20; k++) {
                String name = "scores-" + k;
                broker.createTimedTopic(name);
                try (ScoreTopic scores =
                        new ScoreTopic(broker.bootstrapServers(), name, List.of())) {
                    assertThat(scores.committed()).isZero();
                }
                broker.deleteTopics(name);
            }
        }
    }
}
