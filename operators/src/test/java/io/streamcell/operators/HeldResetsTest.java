package io.streamcell.operators;

import static io.streamcell.operators.ScoringOperatorTest.bits;
import static io.streamcell.operators.ScoringOperatorTest.chunk;
import static io.streamcell.operators.ScoringOperatorTest.flags;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.streamcell.models.Network;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Resets that are announced before a timestep to come, and those after a silence. */
class HeldResetsTest {
    private static final Duration IDLE = Duration.ofSeconds(10);

    private final Network network = Harness.lstm(1, 3, 7);

    private Harness harness(ScoringOptions options) throws Exception {
        return new Harness(network, options, 1);
    }

    private static StreamEvent numbered(int timesteps, int start) {
        return chunk("a", timesteps, start).withStart(start);
    }

    @Test
    void resetInsideAChunkCutsItAndFlagsTheLaterPart() throws Exception {
        try (Harness announced = harness(Harness.options());
                Harness sent = harness(Harness.options())) {
            announced.send(StreamEvent.resetAt("a", 7));
            announced.send(numbered(5, 0));
            announced.send(numbered(6, 5).withTimes(15, 16, 17, 18, 19, 20));
            announced.end();
            sent.send(numbered(5, 0));
            sent.send(numbered(2, 5));
            sent.send(StreamEvent.reset("a"));
            sent.send(numbered(4, 7));
            sent.end();

            assertThat(announced.bits()).isEqualTo(sent.bits());
            List<Score> scores = announced.scores();
            assertThat(scores).extracting(Score::start).containsExactly(0L, 5L, 7L);
            assertThat(scores.get(1).times()).containsExactly(15, 16);
            assertThat(scores.get(2).times()).containsExactly(17, 18, 19, 20);
            assertThat(flags(scores.get(1))).isEmpty();
            assertThat(flags(scores.get(2))).containsExactly("reset");
        }
    }

    @Test
    void resetBeforeTheNextTimestepComesBeforeTheNextChunk() throws Exception {
        try (Harness harness = harness(Harness.options())) {
            harness.send(numbered(3, 0));
            harness.send(StreamEvent.resetAt("a", 3));
            harness.send(StreamEvent.resetAt("a", 3));
            harness.send(chunk("a", 3, 0));
            harness.send(chunk("a", 1, 0));
            harness.end();

            List<Score> scores = harness.scores();
            assertThat(bits(scores.get(1))).isEqualTo(bits(scores.get(0)));
            assertThat(flags(scores.get(1))).containsExactly("reset");
            assertThat(flags(scores.get(2))).isEmpty();
        }
    }

    @Test
    void resetBeforeATimestepThatWasScoredIsIgnored() throws Exception {
        try (Harness harness = harness(Harness.options());
                Harness without = harness(Harness.options())) {
            for (Harness each : List.of(harness, without)) {
                each.send(numbered(3, 0));
                if (each == harness) {
                    each.send(StreamEvent.resetAt("a", 2));
                }
                each.send(numbered(3, 3));
                each.end();
            }

            assertThat(harness.bits()).isEqualTo(without.bits());
            assertThat(harness.rejected).isEmpty();
            assertThat(flags(harness.scores().get(1))).isEmpty();
        }
    }

    @Test
    void resetBeforeATimestepThatIsMissingComesBeforeTheNextOneThatIsThere() throws Exception {
        try (Harness harness = harness(Harness.options())) {
            harness.send(numbered(3, 0));
            harness.send(StreamEvent.resetAt("a", 5));
            harness.send(chunk("a", 3, 0).withStart(8));
            harness.end();

            List<Score> scores = harness.scores();
            assertThat(flags(scores.get(1))).containsExactly("gap", "reset");
            assertThat(bits(scores.get(1))).isEqualTo(bits(scores.get(0)));
        }
    }

    @Test
    void tooManyAnnouncedResetsAreRejected() throws Exception {
        try (Harness harness = harness(Harness.options())) {
            for (int k = SequenceRules.MOST_HELD_RESETS; k >= 0; k--) {
                harness.send(StreamEvent.resetAt("a", 10 + k));
            }
            harness.send(numbered(1, 0));
            harness.end();

            assertThat(harness.rejected)
                    .extracting(Rejected::message)
                    .containsExactly(
                            "at most 1024 resets may be announced, got one more before timestep 10 at stream a");
            assertThat(harness.scores()).hasSize(1);
        }
    }

    @Test
    void announcedResetSurvivesARestore() throws Exception {
        Harness.Checkpoint checkpoint;
        try (Harness before = harness(Harness.options())) {
            before.send(numbered(3, 0));
            before.send(StreamEvent.resetAt("a", 5));
            before.send(StreamEvent.resetAt("b", 1));
            checkpoint = before.checkpoint(1);
        }
        try (Harness after = new Harness(network, Harness.options(), 3, checkpoint)) {
            after.send(numbered(5, 3));
            after.send(chunk("b", 2, 0));
            after.end();

            assertThat(after.scores())
                    .extracting(Score::stream, Score::start, score -> flags(score).toString())
                    .containsExactlyInAnyOrder(
                            tuple("a", 3L, "[]"),
                            tuple("a", 5L, "[reset]"),
                            tuple("b", 0L, "[]"),
                            tuple("b", 1L, "[reset]"));
        }
    }

    @Test
    void streamThatWasSilentForTooLongStartsAfreshInsideAChunkToo() throws Exception {
        ScoringOptions options = Harness.options().with(ScoringOptions.IDLE_RESET, IDLE);
        try (Harness harness = harness(options);
                Harness sent = harness(Harness.options())) {
            harness.send(numbered(2, 0).withTimes(1000));
            harness.send(numbered(3, 2).withTimes(11_000, 11_001, 21_002));
            harness.send(numbered(1, 5), 31_002);
            harness.send(numbered(1, 6), 99_000);
            harness.end();
            sent.send(numbered(2, 0));
            sent.send(numbered(2, 2));
            sent.send(StreamEvent.reset("a"));
            sent.send(numbered(1, 4));
            sent.send(numbered(1, 5));
            sent.send(StreamEvent.reset("a"));
            sent.send(numbered(1, 6));
            sent.end();

            assertThat(harness.bits()).isEqualTo(sent.bits());
            assertThat(harness.scores())
                    .extracting(Score::start, score -> flags(score).toString())
                    .containsExactly(
                            tuple(0L, "[]"),
                            tuple(2L, "[]"),
                            tuple(4L, "[idle]"),
                            tuple(5L, "[]"),
                            tuple(6L, "[idle]"));
        }
    }

    @Test
    void silenceIsMeasuredAcrossARestore() throws Exception {
        ScoringOptions options = Harness.options().with(ScoringOptions.IDLE_RESET, IDLE);
        Harness.Checkpoint checkpoint;
        try (Harness before = harness(options)) {
            before.send(numbered(2, 0).withTimes(1000));
            checkpoint = before.checkpoint(1);
        }
        try (Harness after = new Harness(network, options, 2, checkpoint)) {
            after.send(numbered(1, 2).withTimes(11_001));
            after.end();

            assertThat(flags(after.scores().get(0))).containsExactly("idle");
        }
    }

    @Test
    void chunkWithoutATimeIsRejectedWhereSilenceCounts() throws Exception {
        try (Harness harness = harness(Harness.options().with(ScoringOptions.IDLE_RESET, IDLE))) {
            harness.send(numbered(2, 0));
            harness.send(numbered(2, 0).withTimes(5));
            harness.end();

            assertThat(harness.rejected)
                    .extracting(Rejected::reason, Rejected::message)
                    .containsExactly(
                            tuple(
                                    Reason.TIME,
                                    "a chunk must have a time where sequence.idle-reset is set, got none at stream a"));
            assertThat(harness.scores()).hasSize(1);
        }
    }

    @Test
    void resetOfAllStreamsComesBeforeEachOnesFirstTimestepOfThatTime() throws Exception {
        try (Harness harness = new Harness(network, Harness.options(), 3);
                Harness sent = harness(Harness.options())) {
            harness.send(numbered(2, 0).withTimes(100, 2000));
            harness.send(chunk("b", 1, 0).withTimes(100));
            harness.control(ControlEvent.resetAll(1000));
            harness.control(ControlEvent.resetAll(1000));
            // a was scored up to 2000 when it came, b not up to 1000, c is new, d comes late
            harness.send(numbered(1, 2).withTimes(2001));
            harness.send(chunk("b", 3, 1).withTimes(999, 1000, 1001));
            harness.send(chunk("c", 1, 0).withTimes(5000));
            harness.send(chunk("d", 2, 0).withTimes(5, 6));
            harness.watermark(3000);
            harness.send(chunk("d", 1, 2).withTimes(1000));
            harness.end();

            Map<String, List<String>> seen = new HashMap<>();
            for (Score score : harness.scores()) {
                seen.computeIfAbsent(score.stream(), stream -> new ArrayList<>())
                        .add(score.start() + " " + flags(score));
            }
            assertThat(seen.get("a")).containsExactly("0 []", "2 [reset-all]");
            assertThat(seen.get("b")).containsExactly("0 []", "1 []", "2 [reset-all]");
            assertThat(seen.get("c")).containsExactly("0 [reset-all]");
            assertThat(seen.get("d")).containsExactly("0 []", "2 [reset-all]");
        }
    }

    @Test
    void resetsOfAllStreamsSurviveARestoreInTheMiddle() throws Exception {
        Harness.Checkpoint checkpoint;
        try (Harness before = new Harness(network, Harness.options(), 2)) {
            before.send(numbered(2, 0).withTimes(100));
            before.control(ControlEvent.resetAll(5000));
            before.control(ControlEvent.resetAll(1000));
            before.send(numbered(1, 2).withTimes(1500));
            before.watermark(2000);
            checkpoint = before.checkpoint(1);
        }
        try (Harness after = new Harness(network, Harness.options(), 3, checkpoint)) {
            after.send(numbered(1, 3).withTimes(1600));
            after.send(numbered(1, 4).withTimes(6000));
            after.send(chunk("b", 2, 0).withTimes(900, 6000));
            after.end();

            assertThat(after.scores())
                    .extracting(Score::stream, Score::start, score -> flags(score).toString())
                    .containsExactlyInAnyOrder(
                            tuple("a", 3L, "[]"),
                            tuple("a", 4L, "[reset-all]"),
                            tuple("b", 0L, "[]"),
                            tuple("b", 1L, "[reset-all]"));
        }
    }

    @Test
    void resetOfAllStreamsDoesNotWipeAStateThatIsGivenAfterIt() throws Exception {
        try (Harness harness = harness(Harness.options())) {
            harness.send(numbered(2, 0).withTimes(100));
            harness.send(StreamEvent.export("a").withTimes(100));
            harness.control(ControlEvent.resetAll(1000));
            harness.watermark(2000);
            ExportedState state =
                    (ExportedState)
                            harness.records.stream()
                                    .filter(ExportedState.class::isInstance)
                                    .findFirst()
                                    .orElseThrow();
            harness.send(StreamEvent.reset("fork", state.layers(), 2), 3000);
            harness.send(chunk("fork", 1, 2).withTimes(3001));
            harness.end();

            assertThat(flags(harness.scores().get(1))).containsExactly("reset");
        }
    }

    @Test
    void ofResetsOlderThanTheWatermarkTheNewestReplacesTheOthers() throws Exception {
        try (Harness harness = harness(Harness.options())) {
            harness.control(ControlEvent.resetAll(1000));
            harness.control(ControlEvent.resetAll(3000));
            harness.control(ControlEvent.resetAll(2000));
            harness.control(ControlEvent.resetAll(9000));
            harness.watermark(5000);
            harness.send(numbered(3, 0).withTimes(1500, 4000, 9000));
            harness.end();

            assertThat(harness.scores())
                    .extracting(Score::start, score -> flags(score).toString())
                    .containsExactly(
                            tuple(0L, "[]"), tuple(1L, "[reset-all]"), tuple(2L, "[reset-all]"));
        }
    }

    /** Random events against the same ones with every reset sent where it takes effect. */
    @Test
    void anyBundlesGiveWhatResetsInTheirPlacesGive() throws Exception {
        for (int seed = 0; seed < 60; seed++) {
            List<StreamEvent> events = events(new Random(seed));
            ScoringOptions plain = Harness.options();
            ScoringOptions options = plain.with(ScoringOptions.IDLE_RESET, IDLE);
            int timesteps = 1 + seed % 9;
            ScoringOptions small = options.with(ScoringOptions.BUNDLE_MAX_TIMESTEPS, timesteps);
            try (Harness sent = harness(plain);
                    Harness one = harness(options);
                    Harness many = harness(small)) {
                for (StreamEvent event : inTheirPlaces(events)) {
                    sent.send(event);
                }
                for (StreamEvent event : events) {
                    one.send(event);
                    many.send(event);
                }
                for (Harness each : List.of(sent, one, many)) {
                    each.end();
                }

                assertThat(one.bits()).as("seed %d", seed).isEqualTo(sent.bits());
                assertThat(summary(one)).as("seed %d", seed).isEqualTo(summary(sent));
                assertThat(many.bits()).as("seed %d", seed).isEqualTo(sent.bits());
                assertThat(summary(many)).as("seed %d", seed).isEqualTo(summary(sent));
            }
        }
    }

    /** Per stream, each score's start and whether something happened before it. */
    private static Map<String, List<String>> summary(Harness harness) {
        Map<String, List<String>> summary = new HashMap<>();
        for (Score score : harness.scores()) {
            summary.computeIfAbsent(score.stream(), stream -> new ArrayList<>())
                    .add(score.start() + (score.flags() == 0 ? "" : " reset"));
        }
        return summary;
    }

    private static List<StreamEvent> events(Random random) {
        List<StreamEvent> events = new ArrayList<>();
        int[] next = new int[3];
        long time = 0;
        for (int k = 0; k < 40; k++) {
            int stream = random.nextInt(3);
            String name = "s" + stream;
            if (random.nextInt(3) == 0) {
                events.add(StreamEvent.resetAt(name, next[stream] + random.nextInt(12)));
                continue;
            }
            int timesteps = 1 + random.nextInt(6);
            long[] times = new long[random.nextBoolean() ? 1 : timesteps];
            for (int t = 0; t < times.length; t++) {
                time += random.nextInt(8) == 0 ? 30_000 : random.nextInt(500);
                times[t] = time;
            }
            events.add(
                    chunk(name, timesteps, next[stream]).withStart(next[stream]).withTimes(times));
            next[stream] += timesteps;
        }
        return events;
    }

    private static List<StreamEvent> inTheirPlaces(List<StreamEvent> events) {
        List<StreamEvent> placed = new ArrayList<>();
        Map<String, TreeSet<Long>> held = new HashMap<>();
        Map<String, Long> last = new HashMap<>();
        for (StreamEvent event : events) {
            TreeSet<Long> resets = held.computeIfAbsent(event.stream(), s -> new TreeSet<>());
            if (event.kind() == StreamEvent.Kind.RESET) {
                resets.add(event.start());
                continue;
            }
            int timesteps = event.inputs().get(0).rows();
            int from = 0;
            for (int t = 0; t < timesteps; t++) {
                long time = event.times()[event.times().length == 1 ? 0 : t];
                long before = last.getOrDefault(event.stream(), time);
                boolean reset = time - before > IDLE.toMillis();
                last.put(event.stream(), Math.max(before, time));
                reset |= !resets.headSet(event.start() + t, true).isEmpty();
                resets.headSet(event.start() + t, true).clear();
                if (reset) {
                    if (t > from) {
                        placed.add(part(event, from, t));
                    }
                    placed.add(StreamEvent.reset(event.stream()));
                    from = t;
                }
            }
            placed.add(part(event, from, timesteps));
        }
        return placed;
    }

    private static StreamEvent part(StreamEvent event, int from, int to) {
        InputValues all = event.inputs().get(0);
        int width = all.columns();
        float[] values = Arrays.copyOfRange(all.values(), from * width, to * width);
        return event.withInputs(List.of(new InputValues(all.name(), values, to - from, width)))
                .withStart(event.start() + from)
                .withTimes(event.times()[0]);
    }
}
