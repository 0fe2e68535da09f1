package io.streamcell.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamcell.kernels.RandomNetworks;
import io.streamcell.models.Carry;
import io.streamcell.models.Network;
import io.streamcell.state.StreamState;
import io.streamcell.state.StreamStateSerializer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;

class StreamScorerTest {
    private static final int SEEDS = 40;
    private static final int EVENTS = 120;
    private static final int FEATURES = 3;

    @Test
    void oneEventAtATimeGivesTheOperatorsScoresFlagsRejectionsAndStates() throws Exception {
        for (int seed = 0; seed < SEEDS; seed++) {
            RandomNetworks networks = new RandomNetworks(seed);
            Network network = networks.single(networks.lstm(FEATURES, 5));
            Random random = new Random(seed);
            List<StreamEvent> events = events(random);
            ScoringOptions options =
                    Harness.options()
                            .with(
                                    ScoringOptions.ON_GAP,
                                    SequencePolicy.OnGap.values()[random.nextInt(3)])
                            .with(ScoringOptions.IDLE_RESET, Duration.ofMillis(40))
                            .with(ScoringOptions.BUNDLE_MAX_TIMESTEPS, 1 + random.nextInt(20));

            List<String> expected = new ArrayList<>();
            try (Harness harness = new Harness(network, options, 1)) {
                for (StreamEvent event : events) {
                    harness.send(event);
                }
                harness.end();
                harness.records.forEach(record -> expected.add(text(record)));
                harness.rejected.forEach(rejected -> expected.add(text(rejected)));
            }

            assertThat(oneByOne(network, options, events))
                    .as("seed %d", seed)
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void anEventThatChangesNothingLeavesTheStateObjectAsItIs() throws Exception {
        Network network = Harness.lstm(1, FEATURES, 5);
        StreamEvent chunk = StreamEvent.chunk("a", new float[2][FEATURES]).withStart(0);
        try (StreamScorer scorer = scorer(network, Harness.options(), new ArrayList<>())) {
            StreamState once = scorer.score(chunk, Long.MIN_VALUE, null);

            assertThat(scorer.score(chunk, Long.MIN_VALUE, once)).isSameAs(once);
        }
    }

    @Test
    void optionsThatNeedTheOperatorAreRefused() {
        Network network = Harness.lstm(1, FEATURES, 5);
        ScoringOptions waits =
                Harness.options().with(ScoringOptions.MAX_WAIT, Duration.ofSeconds(1));

        assertThatThrownBy(() -> scorer(network, waits, new ArrayList<>()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sequence.max-wait must be left out");
    }

    @Test
    void theStateOfAnotherModelIsNotScored() throws Exception {
        StreamEvent chunk = StreamEvent.chunk("a", new float[2][FEATURES]);
        StreamState state;
        try (StreamScorer scorer =
                scorer(Harness.lstm(1, FEATURES, 5), Harness.options(), new ArrayList<>())) {
            state = scorer.score(chunk, Long.MIN_VALUE, null);
        }
        try (StreamScorer other =
                scorer(Harness.lstm(2, FEATURES, 5), Harness.options(), new ArrayList<>())) {
            assertThatThrownBy(() -> other.score(chunk, Long.MIN_VALUE, state))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("the state of stream a must be of model");
        }
    }

    /** Between any two events a state is only the bytes of it. */
    private static List<String> oneByOne(
            Network network, ScoringOptions options, List<StreamEvent> events) throws Exception {
        List<String> results = new ArrayList<>();
        Map<String, byte[]> states = new HashMap<>();
        try (StreamScorer scorer = scorer(network, options, results)) {
            for (StreamEvent event : events) {
                StreamState before = read(states.get(event.stream()));
                StreamState after = scorer.score(event, Long.MIN_VALUE, before);
                if (after != null) {
                    states.put(event.stream(), bytes(after));
                }
            }
        }
        return results;
    }

    private static StreamScorer scorer(Network network, ScoringOptions options, List<String> into)
            throws IOException {
        StreamScorer.Results results =
                new StreamScorer.Results() {
                    @Override
                    public void record(OutputRecord record) {
                        into.add(text(record));
                    }

                    @Override
                    public void rejected(Rejected rejected) {
                        into.add(text(rejected));
                    }
                };
        return new StreamScorer(
                Harness.served(network, Carry.ALWAYS),
                reference -> network,
                options,
                new UnregisteredMetricsGroup(),
                results);
    }

    private static byte[] bytes(StreamState state) throws IOException {
        DataOutputSerializer target = new DataOutputSerializer(64);
        StreamStateSerializer.INSTANCE.serialize(state, target);
        return target.getCopyOfBuffer();
    }

    private static StreamState read(byte[] bytes) throws IOException {
        return bytes == null
                ? null
                : StreamStateSerializer.INSTANCE.deserialize(new DataInputDeserializer(bytes));
    }

    private static String text(OutputRecord record) {
        if (record instanceof Score score) {
            return "%s %d %s %s %d"
                    .formatted(
                            score.stream(),
                            score.start(),
                            Arrays.toString(score.times()),
                            Arrays.toString(score.outputs().get(0).values()),
                            score.flags());
        }
        ExportedState state = (ExportedState) record;
        StringBuilder text = new StringBuilder(state.stream() + " state " + state.next());
        for (LayerState layer : state.layers()) {
            layer.tensors().forEach(tensor -> text.append(Arrays.toString(tensor)));
        }
        return text.toString();
    }

    private static String text(Rejected rejected) {
        return rejected.stream() + " " + rejected.reason() + " " + rejected.message();
    }

    /** Of three streams: chunks, some old, some behind a gap, some late; resets; exports. */
    private static List<StreamEvent> events(Random random) {
        List<StreamEvent> events = new ArrayList<>();
        int[] next = new int[3];
        long time = 0;
        for (int k = 0; k < EVENTS; k++) {
            int stream = random.nextInt(next.length);
            String id = "stream-" + stream;
            switch (random.nextInt(12)) {
                case 0 -> events.add(StreamEvent.reset(id));
                case 1 -> events.add(StreamEvent.resetAt(id, next[stream] + random.nextInt(9)));
                case 2 -> events.add(StreamEvent.export(id));
                default -> {
                    float[][] rows = new float[1 + random.nextInt(4)][FEATURES];
                    for (float[] row : rows) {
                        for (int f = 0; f < FEATURES; f++) {
                            row[f] = (float) random.nextGaussian();
                        }
                    }
                    time += random.nextInt(30);
                    StreamEvent chunk = StreamEvent.chunk(id, rows).withTimes(time);
                    if (random.nextBoolean()) {
                        int start = Math.max(0, next[stream] + random.nextInt(5) - 2);
                        chunk = chunk.withStart(start);
                        next[stream] = Math.max(next[stream], start + rows.length);
                    } else {
                        next[stream] += rows.length;
                    }
                    events.add(chunk);
                }
            }
        }
        for (int stream = 0; stream < next.length; stream++) {
            events.add(StreamEvent.export("stream-" + stream));
        }
        return events;
    }
}
