package io.streamcell.operators;

import static io.streamcell.operators.ScoringOperatorTest.chunk;
import static io.streamcell.operators.ScoringOperatorTest.flags;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.models.Network;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.junit.jupiter.api.Test;

/** Chunks that come too early and wait for those before them ({@code sequence.max-wait}). */
class HeldChunksTest {
    private static final ScoringOptions TEN_SECONDS =
            Harness.options().with(ScoringOptions.MAX_WAIT, Duration.ofSeconds(10));

    private final Network network = Harness.lstm(1, 3, 7);

    private Harness harness(ScoringOptions options) throws Exception {
        return new Harness(network, options, 1);
    }

    /** Three timesteps of stream a, a second for each chunk. */
    private static StreamEvent third(int number) {
        return chunk("a", 3, number).withStart(3L * number).withTimes(1_000L * number);
    }

    private static List<String> seen(Harness harness) {
        return harness.scores().stream().map(s -> s.start() + "" + flags(s)).toList();
    }

    @Test
    void chunksInAnyOrderAreScoredInTheirs() throws Exception {
        Random random = new Random(5);
        for (int bundled : new int[] {1, 4, 1024}) {
            ScoringOptions options =
                    TEN_SECONDS
                            .with(ScoringOptions.BUNDLE_MAX_TIMESTEPS, bundled)
                            .with(ScoringOptions.SLAB_MAX_STREAMS, 2);
            List<StreamEvent> events = new ArrayList<>();
            try (Harness inOrder = harness(Harness.options());
                    Harness mixed = harness(options)) {
                for (int k = 0; k < 10; k++) {
                    for (String stream : List.of("a", "b", "c")) {
                        events.add(
                                chunk(stream, 3, k).withStart(3L * k).withTimes(1_000L * k, 0, 0));
                    }
                }
                for (StreamEvent event : events) {
                    inOrder.send(event);
                }
                inOrder.end();
                Collections.shuffle(events, random);
                for (StreamEvent event : events) {
                    mixed.send(event);
                    if (random.nextInt(7) == 0) {
                        mixed.send(event);
                    }
                }
                mixed.end();

                assertThat(mixed.bits()).isEqualTo(inOrder.bits());
                assertThat(mixed.scores()).hasSize(30).allMatch(score -> score.flags() == 0);
                for (String stream : List.of("a", "b", "c")) {
                    assertThat(mixed.scores())
                            .filteredOn(score -> score.stream().equals(stream))
                            .isSortedAccordingTo((x, y) -> Long.compare(x.start(), y.start()));
                }
            }
        }
    }

    @Test
    void anEventOfTheStreamThatIsLaterThanTheWaitEndsIt() throws Exception {
        try (Harness harness = harness(TEN_SECONDS)) {
            harness.send(third(0));
            harness.send(third(2));
            harness.send(third(4));
            harness.send(chunk("a", 3, 5).withStart(15).withTimes(12_000));
            assertThat(harness.scores()).isEmpty();
            harness.watermark(0);
            assertThat(seen(harness)).containsExactly("0[]");
            harness.send(chunk("a", 1, 6).withStart(99).withTimes(12_001));
            harness.watermark(1);

            assertThat(seen(harness)).containsExactly("0[]", "6[gap]");
            harness.send(third(3));
            harness.send(third(1));
            harness.watermark(2);
            assertThat(seen(harness)).containsExactly("0[]", "6[gap]", "9[]", "12[]", "15[]");
            assertThat(harness.rejected).isEmpty();
        }
    }

    @Test
    void theWatermarkEndsTheWait() throws Exception {
        try (Harness harness = harness(TEN_SECONDS)) {
            harness.send(third(0));
            harness.send(third(2));
            harness.send(third(3));
            harness.watermark(11_999);
            assertThat(seen(harness)).containsExactly("0[]");
            harness.watermark(12_000);

            assertThat(seen(harness)).containsExactly("0[]", "6[gap]", "9[]");
            assertThat(harness.recordsBeforeWatermarks).containsExactly(1, 3);
        }
    }

    @Test
    void theEndOfTheInputEndsTheWait() throws Exception {
        try (Harness harness = harness(TEN_SECONDS)) {
            for (int k = 0; k < 30; k++) {
                harness.send(chunk("s" + k, 2, 0).withStart(5).withTimes(1));
                harness.send(chunk("s" + k, 2, 0).withStart(9).withTimes(1));
            }
            harness.watermark(Watermark.MAX_WATERMARK.getTimestamp());
            harness.end();

            assertThat(harness.scores()).hasSize(60);
            assertThat(harness.scores()).allMatch(score -> flags(score).equals(List.of("gap")));
        }
    }

    @Test
    void whatWaitsSurvivesARestore() throws Exception {
        Harness.Checkpoint checkpoint;
        try (Harness before = harness(TEN_SECONDS)) {
            before.send(third(2));
            before.send(chunk("b", 3, 1).withStart(3).withTimes(2_000));
            before.send(third(1));
            checkpoint = before.checkpoint(1);
        }
        try (Harness after = new Harness(network, TEN_SECONDS, 3, checkpoint);
                Harness inOrder = harness(Harness.options())) {
            after.send(third(0));
            after.watermark(12_000);
            for (int k = 0; k < 3; k++) {
                inOrder.send(third(k));
            }
            inOrder.send(chunk("b", 3, 1).withStart(3).withTimes(2_000));
            inOrder.end();

            assertThat(after.bits()).isEqualTo(inOrder.bits());
            assertThat(after.scores()).filteredOn(score -> score.flags() != 0).hasSize(1);
        }
    }

    @Test
    void whatWaitsIsLetGoWhereWaitingWasSwitchedOff() throws Exception {
        Harness.Checkpoint checkpoint;
        try (Harness before = harness(TEN_SECONDS)) {
            before.send(third(0));
            before.send(third(2));
            checkpoint = before.checkpoint(1);
        }
        try (Harness after = new Harness(network, Harness.options(), 1, checkpoint)) {
            after.send(third(1));
            after.send(third(4));
            after.end();

            assertThat(seen(after)).containsExactly("3[]", "6[]", "12[gap]");
        }
    }

    @Test
    void aGapIsRejectedOnlyAfterTheWait() throws Exception {
        ScoringOptions rejecting =
                TEN_SECONDS.with(ScoringOptions.ON_GAP, SequencePolicy.OnGap.REJECT);
        try (Harness harness = harness(rejecting)) {
            harness.send(third(0));
            harness.send(third(2));
            harness.send(third(4));
            harness.send(third(1));
            harness.watermark(20_000);

            assertThat(seen(harness)).containsExactly("0[]", "3[]", "6[]");
            assertThat(harness.rejected).extracting(Rejected::reason).containsExactly(Reason.GAP);
        }
    }

    @Test
    void aResetThatNumbersTheNextTimestepLetsGoWhatWaitsThere() throws Exception {
        try (Harness harness = harness(TEN_SECONDS)) {
            harness.send(third(0));
            harness.send(third(2));
            harness.send(StreamEvent.reset("a", List.of(), 6));
            harness.send(third(1));
            harness.end();

            assertThat(seen(harness)).containsExactly("0[]", "6[reset]");
        }
    }

    @Test
    void moreThanAStreamMayHoldLetTheFirstGo() throws Exception {
        try (Harness harness = harness(TEN_SECONDS)) {
            for (int k = 0; k <= HeldChunks.MOST; k++) {
                harness.send(chunk("a", 1, 0).withStart(10 + 2L * k).withTimes(5));
            }
            harness.watermark(1);

            assertThat(seen(harness)).containsExactly("10[gap]");
        }
    }

    @Test
    void anAnnouncedResetCutsWhatWaited() throws Exception {
        try (Harness harness = harness(TEN_SECONDS)) {
            harness.send(third(1));
            harness.send(third(2));
            harness.send(StreamEvent.resetAt("a", 5));
            harness.send(third(0));
            harness.end();

            assertThat(seen(harness)).containsExactly("0[]", "3[]", "5[reset]", "6[]");
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
                            "a chunk must have a time where sequence.max-wait is set, got none at stream a");
        }
    }
}
