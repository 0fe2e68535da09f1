package io.streamcell.operators;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.kernels.RandomNetworks;
import io.streamcell.models.Carry;
import io.streamcell.models.Network;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScoringOperatorTest {
    private static final int FEATURES = 3;
    private final Network network = Harness.lstm(1, FEATURES, 7);
    private final ScoringOptions options = Harness.options();

    @Test
    void nothingLeavesBeforeABundleIsFull() throws Exception {
        try (Harness harness = harness(options.with(ScoringOptions.BUNDLE_MAX_TIMESTEPS, 5))) {
            harness.send(chunk("a", 2, 0));
            harness.send(chunk("b", 2, 0));
            assertThat(harness.records).isEmpty();

            harness.send(chunk("a", 1, 0));
            assertThat(harness.records)
                    .extracting(OutputRecord::stream)
                    .containsExactly("a", "b", "a");
        }
    }

    @Test
    void aBundleLeavesWhenItsDelayIsOver() throws Exception {
        try (Harness harness =
                harness(options.with(ScoringOptions.BUNDLE_MAX_DELAY, Duration.ofMillis(20)))) {
            harness.advanceClock(1000);
            harness.send(chunk("a", 2, 0));
            harness.advanceClock(1019);
            assertThat(harness.records).isEmpty();

            harness.advanceClock(1020);
            assertThat(harness.records).hasSize(1);
        }
    }

    @Test
    void theTimerOfABundleThatLeftDoesNotMoveTheNextOne() throws Exception {
        try (Harness harness =
                harness(options.with(ScoringOptions.BUNDLE_MAX_DELAY, Duration.ofMillis(20)))) {
            harness.send(chunk("a", 1, 0));
            harness.advanceClock(10);
            harness.watermark(0);
            harness.send(chunk("a", 1, 0));
            harness.advanceClock(25);
            assertThat(harness.records).hasSize(1);

            harness.advanceClock(30);
            assertThat(harness.records).hasSize(2);
        }
    }

    @Test
    void withoutADelayEveryEventLeavesAtOnce() throws Exception {
        try (Harness harness =
                harness(options.with(ScoringOptions.BUNDLE_MAX_DELAY, Duration.ZERO))) {
            harness.send(chunk("a", 1, 0));
            assertThat(harness.records).hasSize(1);
        }
    }

    @Test
    void aBundleLeavesBeforeAWatermarkABarrierAndTheEnd() throws Exception {
        try (Harness harness = harness(options)) {
            harness.send(chunk("a", 1, 0));
            harness.watermark(5);
            assertThat(harness.records).hasSize(1);

            harness.send(chunk("a", 1, 0));
            harness.checkpoint(1);
            assertThat(harness.records).hasSize(2);

            harness.send(chunk("a", 1, 0));
            harness.end();
            assertThat(harness.records).hasSize(3);
        }
    }

    @Test
    void scoresLeaveInTheOrderOfArrivalWithTheirEventsTimestamps() throws Exception {
        try (Harness harness = harness(options)) {
            harness.send(chunk("a", 9, 0), 100);
            harness.send(chunk("b", 1, 0), 50);
            harness.send(chunk("a", 1, 0), 70);
            harness.send(chunk("c", 1, 0));
            harness.end();

            assertThat(harness.records)
                    .extracting(OutputRecord::stream)
                    .containsExactly("a", "b", "a", "c");
            assertThat(harness.timestamps).containsExactly(100L, 50L, 70L, null);
        }
    }

    @Test
    void aChunkIsNumberedFromTheStreamsLast() throws Exception {
        try (Harness harness = harness(options)) {
            harness.send(chunk("a", 4, 0));
            harness.send(StreamEvent.reset("a"));
            harness.send(chunk("a", 2, 0));
            harness.end();

            assertThat(harness.scores()).extracting(Score::start).containsExactly(0L, 4L);
        }
    }

    @Test
    void aResetStartsFromTheInitialState() throws Exception {
        try (Harness harness = harness(options)) {
            harness.send(chunk("a", 4, 0));
            harness.send(StreamEvent.reset("a"));
            harness.send(chunk("a", 4, 0));
            harness.end();

            List<Score> scores = harness.scores();
            assertThat(bits(scores.get(1))).isEqualTo(bits(scores.get(0)));
            assertThat(flags(scores.get(0))).isEmpty();
            assertThat(flags(scores.get(1))).containsExactly("reset");
        }
    }

    @Test
    void aResetBeforeACheckpointIsStillFlaggedOnTheScoreAfterIt() throws Exception {
        var state = emptyStateAfterReset();
        try (Harness harness = new Harness(network, options, 1, state)) {
            harness.send(chunk("a", 1, 0));
            harness.end();

            assertThat(flags(harness.scores().get(0))).containsExactly("reset");
        }
    }

    private Harness.Checkpoint emptyStateAfterReset() throws Exception {
        try (Harness harness = harness(options)) {
            harness.send(chunk("a", 1, 0));
            harness.send(StreamEvent.reset("a"));
            return harness.checkpoint(1);
        }
    }

    @Test
    void anExportedStateSentBackContinuesWithTheSameBitsAlsoUnderAnotherId() throws Exception {
        try (Harness harness = harness(options)) {
            harness.send(chunk("a", 5, 0));
            harness.send(StreamEvent.export("a"));
            harness.send(chunk("a", 3, 5));
            harness.end();
            ExportedState exported = (ExportedState) harness.records.get(1);
            assertThat(exported.next()).isEqualTo(5);
            assertThat(exported.layers()).hasSize(1);
            assertThat(exported.layers().get(0).layer()).isEqualTo("rnn");

            harness.send(StreamEvent.reset("b", exported.layers(), exported.next()));
            harness.send(chunk("b", 3, 5));
            harness.end();

            Score continued = harness.scores().get(2);
            assertThat(continued.start()).isEqualTo(5);
            assertThat(bits(continued)).isEqualTo(bits(harness.scores().get(1)));
        }
    }

    @Test
    void anExportWaitsForTheChunksBeforeIt() throws Exception {
        try (Harness harness = harness(options.with(ScoringOptions.BUNDLE_MAX_TIMESTEPS, 4))) {
            harness.send(chunk("b", 1, 0));
            harness.send(StreamEvent.export("b"));
            harness.send(chunk("a", 9, 0));
            harness.send(StreamEvent.export("a"));
            harness.end();

            assertThat(harness.records)
                    .extracting(record -> record.getClass().getSimpleName() + record.stream())
                    .containsExactly("Scoreb", "ExportedStateb", "Scorea", "ExportedStatea");
            assertThat(((ExportedState) harness.records.get(3)).next()).isEqualTo(9);
        }
    }

    @Test
    void withoutCarryEveryChunkStartsFromTheInitialState() throws Exception {
        try (Harness harness = harness(options.with(ScoringOptions.MODEL_CARRY, Carry.NEVER))) {
            harness.send(chunk("a", 4, 0));
            harness.send(chunk("a", 4, 0));
            harness.end();

            List<Score> scores = harness.scores();
            assertThat(bits(scores.get(1))).isEqualTo(bits(scores.get(0)));
            assertThat(scores.get(1).start()).isEqualTo(4);
        }
    }

    @Test
    void anOutputPerChunkIsThatOfItsLastTimestepHoweverTheChunkIsComputed() throws Exception {
        RandomNetworks networks = new RandomNetworks(2);
        Network last = networks.single(networks.lstm(FEATURES, 7), false);
        ScoringOptions small = options.with(ScoringOptions.BUNDLE_MAX_TIMESTEPS, 3);
        try (Harness one = new Harness(last, options, 1);
                Harness pieces = new Harness(last, small, 1)) {
            for (Harness harness : List.of(one, pieces)) {
                harness.send(chunk("a", 10, 0));
                harness.send(chunk("a", 2, 10));
                harness.end();
                assertThat(harness.scores()).allMatch(score -> score.outputs().get(0).rows() == 1);
            }
            assertThat(pieces.bits()).isEqualTo(one.bits());
        }
    }

    @Test
    void aTimestepThatIsNotFiniteAtTheEndIsFlaggedAndResetsWhereConfigured() throws Exception {
        ScoringOptions resetting =
                options.with(ScoringOptions.ON_NOT_FINITE, SequencePolicy.OnNotFinite.RESET);
        float[] nan = {Float.NaN, 0, 0, 0, 0, 0, 0};
        LayerState broken = new LayerState("rnn", List.of(nan, new float[7]));
        try (Harness harness = harness(resetting)) {
            harness.send(chunk("fresh", 2, 0));
            harness.send(StreamEvent.reset("a", List.of(broken), 0));
            harness.send(chunk("a", 2, 0));
            harness.send(chunk("a", 2, 0));
            harness.end();

            List<Score> scores = harness.scores();
            assertThat(flags(scores.get(1))).containsExactly("reset", "not-finite");
            assertThat(flags(scores.get(2))).containsExactly("reset");
            assertThat(bits(scores.get(2))).isEqualTo(bits(scores.get(0)));
        }
    }

    @Test
    void headersArePassedOn() throws Exception {
        List<Header> headers = List.of(new Header("trace", new byte[] {1, 2}));
        StreamEvent plain = chunk("a", 1, 0);
        StreamEvent event =
                new StreamEvent(
                        plain.kind(),
                        plain.stream(),
                        plain.model(),
                        plain.start(),
                        plain.times(),
                        plain.inputs(),
                        plain.state(),
                        plain.next(),
                        headers);
        try (Harness harness = harness(options)) {
            harness.send(event);
            harness.end();

            assertThat(harness.records.get(0).headers()).isEqualTo(headers);
        }
    }

    private Harness harness(ScoringOptions with) throws Exception {
        return new Harness(network, with, 1);
    }

    /** A chunk whose values depend on the number of each timestep alone. */
    static StreamEvent chunk(String stream, int timesteps, int from) {
        float[][] values = new float[timesteps][FEATURES];
        for (int row = 0; row < timesteps; row++) {
            for (int column = 0; column < FEATURES; column++) {
                values[row][column] = (float) Math.sin(3 * (from + row) + column);
            }
        }
        return StreamEvent.chunk(stream, values);
    }

    static List<Integer> bits(Score score) {
        return score.outputs().stream()
                .flatMap(
                        output ->
                                java.util.stream.IntStream.range(0, output.values().length)
                                        .mapToObj(k -> Float.floatToIntBits(output.values()[k])))
                .toList();
    }

    static List<String> flags(Score score) {
        return Flags.names(score.flags());
    }
}
