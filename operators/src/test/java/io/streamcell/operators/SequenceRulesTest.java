package io.streamcell.operators;

import static io.streamcell.operators.ScoringOperatorTest.bits;
import static io.streamcell.operators.ScoringOperatorTest.chunk;
import static io.streamcell.operators.ScoringOperatorTest.flags;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.models.Carry;
import io.streamcell.models.Network;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SequenceRulesTest {
    private final Network network = Harness.lstm(1, 3, 7);

    @Test
    void aChunkThatWasScoredBeforeIsDroppedAndNotRejected() throws Exception {
        try (Harness harness = harness(Harness.options())) {
            harness.send(numbered("a", 5, 0));
            harness.send(numbered("a", 5, 0));
            harness.send(numbered("a", 2, 2));
            harness.end();

            assertThat(harness.scores()).hasSize(1);
            assertThat(harness.rejected).isEmpty();
        }
    }

    @Test
    void aPartlyOldChunkLosesItsOldPrefix() throws Exception {
        try (Harness whole = harness(Harness.options());
                Harness parts = harness(Harness.options())) {
            whole.send(numbered("a", 8, 0));
            whole.end();
            parts.send(numbered("a", 5, 0));
            parts.send(numbered("a", 5, 3).withTimes(13, 14, 15, 16, 17));
            parts.end();

            assertThat(parts.bits()).isEqualTo(whole.bits());
            Score second = parts.scores().get(1);
            assertThat(second.start()).isEqualTo(5);
            assertThat(second.times()).containsExactly(15, 16, 17);
        }
    }

    @Test
    void duplicatesAreSeenAcrossAReset() throws Exception {
        try (Harness harness = harness(Harness.options())) {
            harness.send(numbered("a", 5, 0));
            harness.send(StreamEvent.reset("a"));
            harness.send(numbered("a", 5, 0));
            harness.send(numbered("a", 1, 5));
            harness.end();

            assertThat(harness.scores()).extracting(Score::start).containsExactly(0L, 5L);
            assertThat(flags(harness.scores().get(1))).containsExactly("reset");
        }
    }

    @ParameterizedTest
    @EnumSource(SequencePolicy.OnGap.class)
    void aGapIsTreatedAsConfigured(SequencePolicy.OnGap onGap) throws Exception {
        try (Harness harness = harness(Harness.options().with(ScoringOptions.ON_GAP, onGap))) {
            harness.send(numbered("fresh", 2, 0).withInputs(chunk("x", 2, 9).inputs()));
            harness.send(numbered("a", 5, 0));
            harness.send(numbered("a", 2, 9));
            harness.send(numbered("a", 1, 5));
            harness.end();

            List<Score> scores = harness.scores();
            switch (onGap) {
                case CARRY -> {
                    assertThat(flags(scores.get(2))).containsExactly("gap");
                    assertThat(bits(scores.get(2))).isNotEqualTo(bits(scores.get(0)));
                    assertThat(scores).hasSize(3);
                }
                case RESET -> {
                    assertThat(flags(scores.get(2))).containsExactly("gap", "reset");
                    assertThat(bits(scores.get(2))).isEqualTo(bits(scores.get(0)));
                    assertThat(scores).hasSize(3);
                }
                case REJECT -> {
                    assertThat(harness.rejected)
                            .extracting(Rejected::reason, Rejected::message)
                            .containsExactly(
                                    org.assertj.core.groups.Tuple.tuple(
                                            Reason.GAP,
                                            "a chunk must start at timestep 5, got 9 at stream a: are events missing?"));
                    assertThat(scores.get(2).start()).isEqualTo(5);
                    assertThat(flags(scores.get(2))).isEmpty();
                }
            }
        }
    }

    @Test
    void nextOnAResetNumbersTheTimestepAfterIt() throws Exception {
        try (Harness harness = harness(Harness.options())) {
            harness.send(numbered("a", 5, 0));
            harness.send(StreamEvent.reset("a", List.of(), 100));
            harness.send(numbered("a", 2, 5));
            harness.send(numbered("a", 1, 100));
            harness.end();

            assertThat(harness.scores()).extracting(Score::start).containsExactly(0L, 100L);
        }
    }

    @Test
    void aPartlyOldChunkIsRejectedWhereEveryChunkStartsAfresh() throws Exception {
        try (Harness harness =
                harness(Harness.options().with(ScoringOptions.MODEL_CARRY, Carry.NEVER))) {
            harness.send(numbered("a", 5, 0));
            harness.send(numbered("a", 5, 3));
            harness.send(numbered("a", 1, 5));
            harness.end();

            assertThat(harness.rejected)
                    .extracting(Rejected::reason)
                    .containsExactly(Reason.PARTLY_OLD);
            assertThat(harness.scores()).extracting(Score::start).containsExactly(0L, 5L);
        }
    }

    private Harness harness(ScoringOptions options) throws Exception {
        return new Harness(network, options, 1);
    }

    private static StreamEvent numbered(String stream, int timesteps, long start) {
        return chunk(stream, timesteps, (int) start).withStart(start);
    }
}
