package io.streamcell.operators;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.kernels.KernelProvider;
import io.streamcell.kernels.KernelProviders;
import io.streamcell.kernels.RandomNetworks;
import io.streamcell.models.Network;
import io.streamcell.models.NetworkInput;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The law: whole = chunks. Whatever the chunks, the bundles, the slab, the parallelism, the
 * provider, and wherever a checkpoint is restored, a stream's scores have the same bits.
 */
class ChunksLawTest {
    private static final int SEEDS = 60;

    static Stream<String> providers() {
        return KernelProviders.all().stream()
                .filter(provider -> provider.unavailable().isEmpty())
                .filter(provider -> provider.preference() != Integer.MIN_VALUE)
                .map(KernelProvider::name);
    }

    @ParameterizedTest
    @MethodSource("providers")
    void anyChunkingBundlingParallelismAndRestoreGiveTheBitsOfTheWhole(String provider)
            throws Exception {
        for (int seed = 0; seed < SEEDS; seed++) {
            Network network = new RandomNetworks(seed).causal();
            Random random = new Random(seed);
            List<StreamEvent> wholes = new ArrayList<>();
            for (int stream = 0; stream < 1 + random.nextInt(7); stream++) {
                wholes.add(whole("stream-" + stream, network, 1 + random.nextInt(40), random));
            }
            ScoringOptions plain =
                    Harness.options().with(ScoringOptions.KERNEL_PROVIDER, "reference");
            Map<String, List<Integer>> expected;
            try (Harness harness = new Harness(network, plain, 1)) {
                for (StreamEvent event : wholes) {
                    harness.send(event);
                }
                harness.end();
                expected = harness.bits();
            }

            assertThat(inPieces(network, wholes, random, provider))
                    .as("seed %d", seed)
                    .isEqualTo(expected);
        }
    }

    private static Map<String, List<Integer>> inPieces(
            Network network, List<StreamEvent> wholes, Random random, String provider)
            throws Exception {
        ScoringOptions options =
                Harness.options()
                        .with(ScoringOptions.KERNEL_PROVIDER, provider)
                        .with(ScoringOptions.KERNEL_THREADS, 1 + random.nextInt(2))
                        .with(ScoringOptions.BUNDLE_MAX_TIMESTEPS, 1 + random.nextInt(30))
                        .with(ScoringOptions.BUNDLE_MAX_DELAY, Duration.ofMillis(random.nextInt(3)))
                        .with(ScoringOptions.SLAB_MAX_STREAMS, 1 + random.nextInt(8))
                        .with(ScoringOptions.SLAB_MAX_DIRTY, random.nextInt(4));
        List<StreamEvent> events = interleaved(wholes, random);
        int cut = random.nextInt(events.size() + 1);
        Map<String, List<Integer>> bits = new HashMap<>();
        Harness.Checkpoint state;
        try (Harness harness = new Harness(network, options, 1 + random.nextInt(4))) {
            for (StreamEvent event : events.subList(0, cut)) {
                harness.send(event);
            }
            state = harness.checkpoint(1);
            append(bits, harness.bits());
        }
        try (Harness harness = new Harness(network, options, 1 + random.nextInt(4), state)) {
            for (StreamEvent event : events.subList(cut, events.size())) {
                harness.send(event);
            }
            harness.end();
            append(bits, harness.bits());
        }
        return bits;
    }

    private static void append(Map<String, List<Integer>> bits, Map<String, List<Integer>> more) {
        more.forEach(
                (stream, of) -> bits.computeIfAbsent(stream, s -> new ArrayList<>()).addAll(of));
    }

    private static StreamEvent whole(String stream, Network network, int timesteps, Random random) {
        List<InputValues> inputs = new ArrayList<>();
        for (NetworkInput input : network.signature(io.streamcell.models.Carry.ALWAYS).inputs()) {
            float[] values = new float[timesteps * input.shape().width()];
            for (int k = 0; k < values.length; k++) {
                values[k] =
                        input.tokens()
                                ? random.nextInt(input.vocabulary())
                                : (float) random.nextGaussian();
            }
            inputs.add(new InputValues(input.name(), values, timesteps, input.shape().width()));
        }
        return StreamEvent.chunk(stream, inputs);
    }

    /** The wholes cut into random chunks, some of them numbered, the streams mixed. */
    private static List<StreamEvent> interleaved(List<StreamEvent> wholes, Random random) {
        int[] done = new int[wholes.size()];
        List<StreamEvent> events = new ArrayList<>();
        List<Integer> open = new ArrayList<>();
        for (int k = 0; k < wholes.size(); k++) {
            open.add(k);
        }
        while (!open.isEmpty()) {
            int stream = open.get(random.nextInt(open.size()));
            StreamEvent whole = wholes.get(stream);
            int left = whole.inputs().get(0).rows() - done[stream];
            int count = Math.min(left, 1 + random.nextInt(random.nextBoolean() ? 3 : 20));
            StreamEvent chunk = whole.withInputs(part(whole.inputs(), done[stream], count));
            events.add(random.nextBoolean() ? chunk : chunk.withStart(done[stream]));
            done[stream] += count;
            if (left == count) {
                open.remove((Integer) stream);
            }
        }
        return events;
    }

    private static List<InputValues> part(List<InputValues> inputs, int from, int count) {
        List<InputValues> parts = new ArrayList<>();
        for (InputValues input : inputs) {
            int width = input.columns();
            float[] values =
                    Arrays.copyOfRange(input.values(), from * width, (from + count) * width);
            parts.add(new InputValues(input.name(), values, count, width));
        }
        return parts;
    }
}
