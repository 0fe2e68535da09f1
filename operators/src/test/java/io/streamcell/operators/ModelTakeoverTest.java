package io.streamcell.operators;

import static io.streamcell.operators.ScoringOperatorTest.bits;
import static io.streamcell.operators.ScoringOperatorTest.chunk;
import static io.streamcell.operators.ScoringOperatorTest.flags;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.models.Carry;
import io.streamcell.models.Network;
import io.streamcell.operators.SequencePolicy.OnModelChange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Models that take another's place while the job runs, from an event time on. */
class ModelTakeoverTest {
    private static final long BOUNDARY = 1_000;
    private static final ScoringOptions OPTIONS =
            Harness.options().with(ScoringOptions.KEPT_TIMESTEPS, 5);

    private final Network old = Harness.lstm(1, 3, 7);
    private final Network other = Harness.lstm(2, 3, 7);
    private final Network wider = Harness.lstm(3, 3, 9);
    private final Networks networks = new Networks();
    private final ModelReference otherModel = networks.add("other", other, Carry.ALWAYS);
    private final ModelReference widerModel = networks.add("wider", wider, Carry.ALWAYS);

    private Harness harness(int parallelism, Harness.Checkpoint restored) throws Exception {
        networks.add("memory", old, Carry.ALWAYS);
        return new Harness(
                Harness.served(old, Carry.ALWAYS),
                networks.source(),
                OPTIONS,
                parallelism,
                restored);
    }

    private static ControlEvent change(long time, OnModelChange policy, ModelReference model) {
        return ControlEvent.model(new ModelChange(StreamEvent.DEFAULT_MODEL, time, policy, model));
    }

    /** Timesteps of a stream from one on, a time unit each, from 990 on. */
    private static StreamEvent part(String stream, int from, int count) {
        long[] times = new long[count];
        float[][] values = new float[count][];
        for (int k = 0; k < count; k++) {
            times[k] = 990L + from + k;
            values[k] = chunk(stream, 1, from + k).inputs().get(0).values();
        }
        return StreamEvent.chunk(stream, values).withTimes(times);
    }

    private static List<Integer> rows(Network network, StreamEvent... events) throws Exception {
        try (Harness harness = new Harness(network, Harness.options(), 1)) {
            for (StreamEvent event : events) {
                harness.send(event);
            }
            harness.end();
            return harness.bits().get(events[0].stream());
        }
    }

    private static List<Integer> last(List<Integer> bits, int timesteps, int units) {
        return bits.subList(bits.size() - timesteps * units, bits.size());
    }

    @Test
    void resetStartsTheNewModelAfreshAtTheBoundaryInsideAChunk() throws Exception {
        try (Harness harness = harness(1, null)) {
            harness.send(part("a", 0, 4));
            harness.control(change(BOUNDARY, OnModelChange.RESET, widerModel));
            harness.send(part("a", 4, 10));
            harness.end();

            List<Score> scores = harness.scores();
            assertThat(scores).extracting(Score::start).containsExactly(0L, 4L, 10L);
            assertThat(flags(scores.get(1))).isEmpty();
            assertThat(flags(scores.get(2))).containsExactly("model");
            assertThat(scores.get(1).model()).isEqualTo(scores.get(0).model());
            assertThat(scores.get(2).model())
                    .isEqualTo("%016x.exact1".formatted(wider.fingerprint()));
            assertThat(bits(scores.get(1))).isEqualTo(last(rows(old, part("a", 0, 10)), 6, 7));
            assertThat(bits(scores.get(2))).isEqualTo(rows(wider, part("a", 10, 4)));
        }
    }

    @Test
    void keepCarriesTheStateOver() throws Exception {
        try (Harness harness = harness(1, null);
                Harness before = new Harness(old, Harness.options(), 1)) {
            harness.send(part("a", 0, 10));
            harness.control(change(BOUNDARY, OnModelChange.KEEP, otherModel));
            harness.send(part("a", 10, 4));
            harness.end();
            before.send(part("a", 0, 10));
            before.send(StreamEvent.export("a"));
            before.end();

            ExportedState state = (ExportedState) before.records.get(1);
            StreamEvent given = StreamEvent.reset("a", state.layers(), 10);
            assertThat(bits(harness.scores().get(1)))
                    .isEqualTo(rows(other, given, part("a", 10, 4)));
        }
    }

    @Test
    void warmGivesTheNewModelTheLastTimesteps() throws Exception {
        try (Harness harness = harness(1, null)) {
            harness.send(part("a", 0, 3));
            harness.send(part("a", 3, 5));
            harness.control(change(BOUNDARY, OnModelChange.WARM, widerModel));
            harness.send(part("a", 8, 6));
            harness.send(part("b", 20, 2));
            harness.send(part("a", 14, 1));
            harness.end();

            List<Integer> warmed = rows(wider, part("a", 5, 10));
            assertThat(harness.scores())
                    .extracting(s -> s.stream() + s.start() + flags(s))
                    .containsExactly("a0[]", "a3[]", "a8[]", "a10[model]", "b0[]", "a14[]");
            assertThat(bits(harness.scores().get(3))).isEqualTo(warmed.subList(5 * 9, 9 * 9));
            assertThat(bits(harness.scores().get(5))).isEqualTo(last(warmed, 1, 9));
            assertThat(bits(harness.scores().get(4))).isEqualTo(rows(wider, part("b", 20, 2)));
        }
    }

    @Test
    void onlyTimestepsSinceAResetWarm() throws Exception {
        try (Harness harness = harness(1, null)) {
            harness.send(part("a", 0, 7));
            harness.send(StreamEvent.reset("a"));
            harness.send(part("a", 7, 3));
            harness.control(change(BOUNDARY, OnModelChange.WARM, widerModel));
            harness.send(part("a", 10, 2));
            harness.end();

            assertThat(bits(harness.scores().get(2)))
                    .isEqualTo(last(rows(wider, part("a", 7, 5)), 2, 9));
        }
    }

    @Test
    void everyStreamSwitchesAtTheSameTimeThroughRestoresAndEvictions() throws Exception {
        for (OnModelChange policy :
                List.of(OnModelChange.RESET, OnModelChange.KEEP, OnModelChange.WARM)) {
            List<StreamEvent> events = new ArrayList<>();
            for (int k = 0; k < 20; k += 2) {
                for (int stream = 0; stream < 9; stream++) {
                    // Some streams are silent around the boundary, and some begin late.
                    if ((stream + k / 5) % 3 != 0 && (stream < 7 || k > 12)) {
                        events.add(part("s" + stream, k, 2));
                    }
                }
            }
            Map<String, List<Integer>> undisturbed;
            try (Harness harness = harness(1, null)) {
                harness.control(change(BOUNDARY, policy, otherModel));
                for (StreamEvent event : events) {
                    harness.send(event);
                }
                harness.end();
                undisturbed = harness.bits();
            }
            assertThat(disturbed(events, policy)).isEqualTo(undisturbed);
        }
    }

    private Map<String, List<Integer>> disturbed(List<StreamEvent> events, OnModelChange policy)
            throws Exception {
        ScoringOptions small =
                OPTIONS.with(ScoringOptions.SLAB_MAX_STREAMS, 2)
                        .with(ScoringOptions.BUNDLE_MAX_TIMESTEPS, 3);
        Map<String, List<Integer>> bits = new HashMap<>();
        Harness.Checkpoint checkpoint = null;
        int sent = 0;
        for (int parallelism : new int[] {1, 3, 2, 1, 2}) {
            int to =
                    parallelism == 2 && checkpoint != null && sent > 30 ? events.size() : sent + 11;
            try (Harness harness =
                    new Harness(
                            Harness.served(old, Carry.ALWAYS),
                            networks.source(),
                            small,
                            parallelism,
                            checkpoint)) {
                if (checkpoint == null) {
                    harness.control(change(BOUNDARY, policy, otherModel));
                }
                for (; sent < Math.min(to, events.size()); sent++) {
                    harness.send(events.get(sent));
                    if (sent % 4 == 0) {
                        harness.watermark(980 + sent);
                    }
                }
                checkpoint = harness.checkpoint(1);
                harness.bits()
                        .forEach(
                                (stream, rows) ->
                                        bits.computeIfAbsent(stream, s -> new ArrayList<>())
                                                .addAll(rows));
            }
        }
        assertThat(sent).isEqualTo(events.size());
        return bits;
    }

    @Test
    void aStreamThatOnlyAnnouncedAResetIsFlaggedWhetherItWasEvictedOrNot() throws Exception {
        networks.add("memory", old, Carry.ALWAYS);
        for (int slots : new int[] {1, 100}) {
            try (Harness harness =
                    new Harness(
                            Harness.served(old, Carry.ALWAYS),
                            networks.source(),
                            OPTIONS.with(ScoringOptions.SLAB_MAX_STREAMS, slots),
                            1,
                            null)) {
                harness.send(StreamEvent.resetAt("a", 50));
                harness.send(part("b", 0, 1));
                harness.control(change(BOUNDARY, OnModelChange.RESET, otherModel));
                harness.send(part("a", 12, 1));
                harness.end();

                assertThat(flags(harness.scores().get(1))).containsExactly("model");
            }
        }
    }

    @Test
    void theNewestChangeWinsFromItsTimeOn() throws Exception {
        try (Harness harness = harness(1, null)) {
            harness.control(change(BOUNDARY + 5, OnModelChange.RESET, otherModel));
            harness.control(change(BOUNDARY, OnModelChange.RESET, widerModel));
            harness.send(part("a", 0, 20));
            harness.end();

            assertThat(harness.scores())
                    .extracting(s -> s.start() + " " + s.outputs().get(0).dims())
                    .containsExactly("0 [7]", "10 [9]");
        }
    }

    @Test
    void lateTimestepsOfAStreamThatDidNotSwitchAreTheOldModels() throws Exception {
        try (Harness harness = harness(1, null)) {
            harness.send(part("a", 0, 2));
            harness.control(change(BOUNDARY, OnModelChange.RESET, otherModel));
            harness.send(part("b", 15, 1));
            harness.watermark(5_000);
            harness.send(part("a", 2, 2));
            harness.send(part("a", 12, 1));
            harness.end();

            assertThat(harness.scores())
                    .extracting(s -> s.stream() + s.start() + flags(s))
                    .containsExactly("a0[]", "b0[]", "a2[]", "a4[model]");
            assertThat(harness.bits().get("a").subList(0, 28))
                    .isEqualTo(rows(old, part("a", 0, 4)));
        }
    }

    @Test
    void statesOfOtherSizesAreNotKept() throws Exception {
        try (Harness harness = harness(2, null)) {
            harness.control(change(BOUNDARY, OnModelChange.KEEP, widerModel));
            harness.send(part("a", 12, 2));
            harness.end();

            assertThat(harness.rejected)
                    .extracting(Rejected::message)
                    .containsExactly(
                            "to keep states, models must carry the same tensors: [7, 7] of memory, got [9, 9] of wider");
            assertThat(harness.scores().get(0).outputs().get(0).dims()).containsExactly(7);
        }
    }

    @Test
    void aJobThatIsStartedAgainWithItsOldConfigurationStaysWithTheNewModel() throws Exception {
        Harness.Checkpoint checkpoint;
        try (Harness harness = harness(1, null)) {
            harness.control(change(BOUNDARY, OnModelChange.RESET, widerModel));
            harness.send(part("a", 12, 2));
            checkpoint = harness.checkpoint(1);
        }
        try (Harness again = harness(2, checkpoint)) {
            again.send(part("a", 14, 2));
            again.end();

            assertThat(again.scores().get(0).outputs().get(0).dims()).containsExactly(9);
            assertThat(flags(again.scores().get(0))).isEmpty();
        }
    }

    @Test
    void aStateBeforeTheSwitchIsExportedAsTheOldModels() throws Exception {
        try (Harness harness = harness(1, null)) {
            harness.send(part("a", 0, 2));
            harness.control(change(BOUNDARY, OnModelChange.RESET, widerModel));
            harness.send(StreamEvent.export("a"));
            harness.send(part("a", 12, 2));
            harness.send(StreamEvent.export("a"));
            harness.end();

            assertThat(harness.records)
                    .extracting(OutputRecord::model)
                    .containsExactly(label(old), label(old), label(wider), label(wider));
        }
    }

    private static String label(Network network) {
        return "%016x.exact1".formatted(network.fingerprint());
    }
}
