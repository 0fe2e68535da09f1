package io.streamcell.operators;

import static io.streamcell.operators.ScoringOperatorTest.bits;
import static io.streamcell.operators.ScoringOperatorTest.chunk;
import static io.streamcell.operators.ScoringOperatorTest.flags;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.models.Network;
import io.streamcell.state.StreamState;
import java.time.Duration;
import java.util.List;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.junit.jupiter.api.Test;

/** Streams whose state is given up after a silence ({@code state.ttl}). */
class ExpiryTest {
    private static final ScoringOptions TEN_SECONDS =
            Harness.options().with(ScoringOptions.STATE_TTL, Duration.ofSeconds(10));

    private final Network network = Harness.lstm(1, 3, 7);

    private Harness harness(ScoringOptions options) throws Exception {
        return new Harness(network, options, 1);
    }

    private static List<ExportedState> states(Harness harness) {
        return harness.records.stream()
                .filter(ExportedState.class::isInstance)
                .map(ExportedState.class::cast)
                .toList();
    }

    @Test
    void laterThanTheTimeToLiveStartsAfreshAndLeavesTheLastState() throws Exception {
        try (Harness harness = harness(TEN_SECONDS);
                Harness asked = harness(Harness.options())) {
            harness.send(chunk("a", 3, 0).withTimes(1_000));
            harness.send(chunk("a", 3, 0).withTimes(11_000));
            harness.send(chunk("a", 3, 0).withTimes(21_001));
            harness.end();
            asked.send(chunk("a", 3, 0));
            asked.send(chunk("a", 3, 0));
            asked.send(StreamEvent.export("a"));
            asked.end();

            List<Score> scores = harness.scores();
            assertThat(flags(scores.get(1))).isEmpty();
            assertThat(flags(scores.get(2))).containsExactly("expired");
            assertThat(scores.get(2).start()).isEqualTo(6);
            assertThat(bits(scores.get(2))).isEqualTo(bits(scores.get(0)));
            ExportedState last = states(harness).get(0);
            assertThat(harness.records.indexOf(last)).isEqualTo(2);
            assertThat(last.next()).isEqualTo(6);
            assertThat(last.flags()).isEqualTo(StreamState.EXPIRED);
            assertThat(last.layers())
                    .usingRecursiveComparison()
                    .isEqualTo(states(asked).get(0).layers());
        }
    }

    @Test
    void silenceInsideAChunkCutsIt() throws Exception {
        try (Harness harness = harness(TEN_SECONDS)) {
            harness.send(chunk("a", 4, 0).withTimes(1_000, 2_000, 13_000, 14_000));
            harness.end();

            assertThat(harness.scores()).extracting(Score::start).containsExactly(0L, 2L);
            assertThat(flags(harness.scores().get(1))).containsExactly("expired");
            assertThat(harness.records.get(1)).isInstanceOf(ExportedState.class);
            assertThat(states(harness)).extracting(ExportedState::next).containsExactly(2L);
        }
    }

    @Test
    void theWatermarkRemovesAStreamAndWritesItsStateOnce() throws Exception {
        try (Harness harness = harness(TEN_SECONDS)) {
            harness.send(chunk("a", 3, 0), 1_000);
            harness.checkpoint(1);
            harness.send(chunk("b", 3, 1), 2_000);
            harness.checkpoint(2);
            harness.watermark(10_999);
            assertThat(states(harness)).isEmpty();
            harness.watermark(11_000);
            assertThat(states(harness)).extracting(ExportedState::stream).containsExactly("a");
            harness.watermark(50_000);

            assertThat(states(harness)).extracting(ExportedState::stream).containsExactly("a", "b");
            assertThat(harness.timestamps.get(2)).isEqualTo(11_000);
            harness.send(chunk("a", 3, 0), 60_000);
            harness.end();
            Score anew = harness.scores().get(2);
            assertThat(anew.start()).isZero();
            assertThat(bits(anew)).isEqualTo(bits(harness.scores().get(0)));
        }
    }

    @Test
    void aStreamThatGoesOnIsKeptThoughItsTimerRings() throws Exception {
        try (Harness harness = harness(TEN_SECONDS);
                Harness without = harness(Harness.options())) {
            for (Harness each : List.of(harness, without)) {
                for (int k = 0; k < 10; k++) {
                    each.send(chunk("a", 3, k), 1_000 + 6_000L * k);
                    each.checkpoint(k);
                    each.watermark(6_000L * k);
                }
                each.end();
            }

            assertThat(harness.bits()).isEqualTo(without.bits());
            assertThat(states(harness)).isEmpty();
            harness.watermark(65_000);
            assertThat(states(harness)).extracting(ExportedState::next).containsExactly(30L);
        }
    }

    @Test
    void streamsThatAreNotAtHandExpireToo() throws Exception {
        ScoringOptions few = TEN_SECONDS.with(ScoringOptions.SLAB_MAX_STREAMS, 2);
        try (Harness harness = harness(few)) {
            for (int k = 0; k < 20; k++) {
                harness.send(chunk("s" + k, 3, k), 1_000 + k);
            }
            harness.send(chunk("s3", 3, 1), 9_000);
            harness.checkpoint(1);
            harness.watermark(12_000);
            assertThat(states(harness))
                    .extracting(ExportedState::stream)
                    .hasSize(19)
                    .doesNotContain("s3");
            harness.send(chunk("s3", 3, 2), 13_000);
            harness.watermark(20_000);
            assertThat(states(harness)).hasSize(19);
            harness.watermark(23_000);
            assertThat(states(harness)).hasSize(20);
            harness.end();
            assertThat(harness.scores()).filteredOn(s -> s.stream().equals("s3")).hasSize(3);
        }
    }

    @Test
    void timersSurviveARestore() throws Exception {
        Harness.Checkpoint checkpoint;
        try (Harness before = harness(TEN_SECONDS)) {
            before.send(chunk("a", 3, 0), 1_000);
            before.send(chunk("b", 3, 0), 7_000);
            checkpoint = before.checkpoint(1);
        }
        try (Harness after = new Harness(network, TEN_SECONDS, 3, checkpoint)) {
            after.watermark(11_000);
            assertThat(states(after)).extracting(ExportedState::stream).containsExactly("a");
            after.send(chunk("b", 3, 0), 16_000);
            after.watermark(17_000);
            after.end();

            assertThat(states(after)).hasSize(1);
            assertThat(after.scores()).extracting(Score::start).containsExactly(3L);
        }
    }

    @Test
    void theEndOfTimeRemovesNobody() throws Exception {
        try (Harness harness = harness(TEN_SECONDS)) {
            harness.send(chunk("a", 3, 0), 1_000);
            harness.checkpoint(1);
            harness.watermark(Watermark.MAX_WATERMARK.getTimestamp());

            assertThat(states(harness)).isEmpty();
            assertThat(harness.recordsBeforeWatermarks).hasSize(1);
        }
    }

    @Test
    void aChunkWithoutATimeIsRejected() throws Exception {
        try (Harness harness = harness(TEN_SECONDS)) {
            harness.send(chunk("a", 3, 0));
            harness.end();

            assertThat(harness.rejected)
                    .extracting(Rejected::message)
                    .containsExactly(
                            "a chunk must have a time where state.ttl is set, got none at stream a");
        }
    }
}
