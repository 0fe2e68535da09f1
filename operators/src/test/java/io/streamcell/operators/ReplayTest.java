package io.streamcell.operators;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.models.Carry;
import io.streamcell.models.Network;
import io.streamcell.operators.SequencePolicy.OnModelChange;
import io.streamcell.state.StreamState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.junit.jupiter.api.Test;

/**
 * What was scored is scored again when the operator is told what was recorded, and all control
 * events at the start: whenever those came, and whatever watermarks let go.
 */
class ReplayTest {
    private static final int STREAMS = 4;
    private static final Duration VERY_LONG = Duration.ofDays(1_000_000);

    private final Network old = Harness.lstm(1, 3, 7);
    private final Network other = Harness.lstm(2, 3, 7);
    private final Networks networks = new Networks();
    private final ModelReference otherModel = networks.add("other", other, Carry.ALWAYS);
    private final ServedModel model = Harness.served(old, Carry.ALWAYS);

    /** Events, control events and watermarks, in the order in which they came. */
    private record Course(List<Object> all) {
        List<StreamEvent> events() {
            return all.stream()
                    .filter(StreamEvent.class::isInstance)
                    .map(StreamEvent.class::cast)
                    .toList();
        }

        List<ControlEvent> control() {
            return all.stream()
                    .filter(ControlEvent.class::isInstance)
                    .map(ControlEvent.class::cast)
                    .toList();
        }
    }

    private Course course(Random random) {
        List<Object> all = new ArrayList<>();
        int[] next = new int[STREAMS];
        long time;
        for (int k = 0; k < 120; k++) {
            int stream = random.nextInt(STREAMS);
            time = time(Arrays.stream(next).max().orElse(0));
            switch (random.nextInt(16)) {
                case 0 -> all.add(ControlEvent.resetAll(time - random.nextInt(120)));
                case 1 -> all.add(new Watermark(time - random.nextInt(60)));
                case 2 -> all.add(StreamEvent.reset("s" + stream));
                case 3 -> all.add(StreamEvent.resetAt("s" + stream, next[stream] + 2));
                case 4 -> {
                    if (k % 3 == 0) {
                        all.add(change(time - random.nextInt(60)));
                    }
                }
                default -> {
                    int rows = 1 + random.nextInt(5);
                    int start = Math.max(0, next[stream] + random.nextInt(7) - 2);
                    if (random.nextInt(3) > 0) {
                        start = next[stream];
                    }
                    all.add(chunk("s" + stream, start, rows));
                    next[stream] = Math.max(next[stream], start + rows);
                }
            }
        }
        return new Course(all);
    }

    private ControlEvent change(long time) {
        return ControlEvent.model(
                new ModelChange(StreamEvent.DEFAULT_MODEL, time, OnModelChange.KEEP, otherModel));
    }

    /** Every timestep has one time, with a silence before each twentieth. */
    private static long time(int timestep) {
        return 1_000 + 5L * timestep + timestep / 20 * 200L;
    }

    /** Whoever sends a timestep, it is the same. */
    private static StreamEvent chunk(String stream, int start, int rows) {
        float[][] values = new float[rows][3];
        long[] times = new long[rows];
        for (int row = 0; row < rows; row++) {
            times[row] = time(start + row);
            Random random = new Random(stream.hashCode() * 31L + start + row);
            for (int k = 0; k < 3; k++) {
                values[row][k] = (float) random.nextGaussian();
            }
        }
        return StreamEvent.chunk(stream, values).withStart(start).withTimes(times);
    }

    private static ScoringOptions options(Duration wait) {
        ScoringOptions options =
                Harness.options().with(ScoringOptions.IDLE_RESET, Duration.ofMillis(150));
        return wait == null ? options : options.with(ScoringOptions.MAX_WAIT, wait);
    }

    private Harness harness(ScoringOptions options, Replay replay) throws Exception {
        networks.add("memory", old, Carry.ALWAYS);
        return new Harness(model, networks.source(), options, 1, null, replay);
    }

    private List<Score> scored(Course course, ScoringOptions options) throws Exception {
        try (Harness harness = harness(options, null)) {
            for (Object each : course.all()) {
                if (each instanceof StreamEvent event) {
                    harness.send(event, event.timed() ? event.lastTime() : 1_000);
                } else if (each instanceof ControlEvent event) {
                    harness.control(event);
                } else if (each instanceof Watermark mark) {
                    harness.watermark(mark.getTimestamp());
                }
            }
            harness.watermark(Long.MAX_VALUE);
            harness.end();
            return harness.scores().stream().map(Score::copy).toList();
        }
    }

    private List<Score> again(Course course, ScoringOptions options, List<Score> recorded)
            throws Exception {
        try (Harness harness = harness(options, new Replay(course.control()))) {
            for (Score score : recorded) {
                harness.send(
                        StreamEvent.recorded(
                                score.stream(),
                                StreamEvent.DEFAULT_MODEL,
                                new Recorded(
                                        score.start(),
                                        score.outputs().get(0).rows(),
                                        score.flags(),
                                        ServedModel.fingerprint(score.model()))));
            }
            for (StreamEvent event : course.events()) {
                harness.send(event, event.timed() ? event.lastTime() : 1_000);
            }
            harness.watermark(Long.MAX_VALUE);
            harness.end();
            return harness.scores().stream().map(Score::copy).toList();
        }
    }

    /** Each timestep with its bits, its model, and what had happened before. */
    private static Map<String, String> rows(List<Score> scores) {
        Map<String, String> rows = new TreeMap<>();
        for (Score score : scores) {
            float[] values = score.outputs().get(0).values();
            int count = score.outputs().get(0).rows();
            for (int row = 0; row < count; row++) {
                float[] timestep =
                        Arrays.copyOfRange(
                                values,
                                row * values.length / count,
                                (row + 1) * values.length / count);
                String said =
                        "%s by %.4s %s"
                                .formatted(
                                        Arrays.toString(timestep),
                                        score.model(),
                                        row == 0 ? Flags.names(score.flags()) : "[]");
                rows.merge(
                        score.stream() + "/" + (score.start() + row),
                        said,
                        (a, b) -> a + " and " + b);
            }
        }
        return rows;
    }

    private static boolean isReset(Object each) {
        return each instanceof StreamEvent event
                && event.kind() == StreamEvent.Kind.RESET
                && event.start() == StreamEvent.UNNUMBERED;
    }

    /** What is not the same in both. */
    private static List<String> differing(List<Score> recorded, List<Score> again) {
        Map<String, String> must = rows(recorded);
        Map<String, String> found = rows(again);
        TreeSet<String> all = new TreeSet<>(must.keySet());
        all.addAll(found.keySet());
        return all.stream()
                .filter(row -> !Objects.equals(must.get(row), found.get(row)))
                .map(row -> row + ": " + must.get(row) + " was " + found.get(row))
                .toList();
    }

    @Test
    void whatWasScoredIsScoredAgain() throws Exception {
        for (int seed = 0; seed < 20; seed++) {
            Course course = course(new Random(seed));
            List<Score> recorded = scored(course, options(null));

            assertThat(differing(recorded, again(course, options(null), recorded)))
                    .as("seed %d", seed)
                    .isEmpty();
        }
    }

    @Test
    void chunksThatWaitedGoWhenTheyWentThen() throws Exception {
        for (int seed = 0; seed < 20; seed++) {
            Course course = course(new Random(seed));
            // A reset that came while a chunk waited is one that replay does not put in its place.
            course.all().removeIf(ReplayTest::isReset);
            List<Score> recorded = scored(course, options(Duration.ofMillis(30)));

            assertThat(differing(recorded, again(course, options(VERY_LONG), recorded)))
                    .as("seed %d", seed)
                    .isEmpty();
        }
    }

    @Test
    void whatTheControlTopicBroughtIsKnownWithoutWhatWasRecorded() throws Exception {
        Course course =
                new Course(
                        List.of(
                                chunk("a", 0, 4),
                                ControlEvent.resetAll(time(4)),
                                change(time(10)),
                                chunk("a", 4, 4),
                                chunk("a", 8, 4)));
        List<Score> recorded = scored(course, options(null));

        assertThat(recorded).extracting(Score::start).containsExactly(0L, 4L, 8L, 10L);
        assertThat(differing(recorded, again(course, options(null), List.of()))).isEmpty();
        for (int lost = 0; lost < recorded.size(); lost++) {
            List<Score> left = new ArrayList<>(recorded);
            left.remove(lost);

            assertThat(differing(recorded, again(course, options(null), left)))
                    .as("without score %d", lost)
                    .isEmpty();
        }
    }

    @Test
    void aResetIsObeyedThatNoEventBrings() throws Exception {
        StreamEvent first = chunk("a", 0, 4);
        StreamEvent second = chunk("a", 4, 4);
        List<Score> recorded =
                scored(new Course(List.of(first, StreamEvent.reset("a"), second)), options(null));
        List<Score> again = again(new Course(List.of(first, second)), options(null), recorded);

        assertThat(differing(recorded, again)).isEmpty();
        assertThat(again.get(1).flags() & StreamState.RESET).isNotZero();
    }
}
