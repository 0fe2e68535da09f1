package io.streamcell.operators;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.kernels.RandomNetworks;
import io.streamcell.models.Carry;
import io.streamcell.models.Network;
import io.streamcell.models.StateLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Whenever a device is done, an operator emits what it would if it computed everything at once: the
 * same records in the same order with the same bits, timestamps and flags, none of them later than
 * the next watermark or barrier.
 */
class AsynchronousParityTest {
    private static final int SEEDS = 150;
    private static final int STEPS = 120;
    private static final int FEATURES = 2;

    /** Something that comes to an operator. */
    private interface Step {
        void run(Harness harness) throws Exception;
    }

    @AfterEach
    void takeBack() {
        DeferringProvider.DEVICE.remove();
    }

    @Test
    void aDeviceThatIsDoneAtAnyTimeGivesTheRecordsOfASynchronousKernel() throws Exception {
        int waited = 0;
        for (int seed = 0; seed < SEEDS; seed++) {
            RandomNetworks networks = new RandomNetworks(seed);
            Random random = new Random(seed);
            Network network =
                    networks.single(
                            random.nextBoolean()
                                    ? networks.lstm(FEATURES, 5)
                                    : networks.gru(FEATURES, 3, true),
                            random.nextBoolean());
            ScoringOptions options = options(random);
            List<List<Step>> parts = List.of(steps(network, random), steps(network, random));

            DeferringProvider.Device device = new DeferringProvider.Device();
            Random done = new Random(seed);
            device.checks = () -> done.nextInt(3) == 0 ? Integer.MAX_VALUE : done.nextInt(4);
            DeferringProvider.DEVICE.set(device);
            assertThat(run(network, options, DeferringProvider.NAME, parts))
                    .as("seed %d", seed)
                    .isEqualTo(run(network, options, "reference", parts));
            waited += device.calls.size();
        }
        assertThat(waited).isGreaterThan(SEEDS * 10);
    }

    private static ScoringOptions options(Random random) {
        return Harness.options()
                .with(ScoringOptions.BUNDLE_MAX_TIMESTEPS, 1 + random.nextInt(12))
                .with(ScoringOptions.BUNDLE_MAX_DELAY, Duration.ofMillis(random.nextInt(5)))
                .with(ScoringOptions.SLAB_MAX_STREAMS, 1 + random.nextInt(6))
                .with(ScoringOptions.SLAB_MAX_DIRTY, random.nextInt(4))
                .with(ScoringOptions.ON_GAP, any(SequencePolicy.OnGap.values(), random))
                .with(
                        ScoringOptions.ON_NOT_FINITE,
                        any(SequencePolicy.OnNotFinite.values(), random));
    }

    private static <T> T any(T[] values, Random random) {
        return values[random.nextInt(values.length)];
    }

    private static List<Step> steps(Network network, Random random) {
        long[] next = new long[5];
        List<Step> steps = new ArrayList<>();
        for (int k = 0; k < STEPS; k++) {
            int number = k;
            int kind = random.nextInt(100);
            if (kind < 5) {
                steps.add(harness -> harness.watermark(number));
            } else if (kind < 15) {
                steps.add(harness -> harness.advanceClock(number));
            } else if (kind < 18) {
                steps.add(harness -> harness.checkpoint(number));
            } else {
                StreamEvent event = event(kind, network, next, random);
                boolean stamped = random.nextBoolean();
                steps.add(
                        harness -> {
                            if (stamped) {
                                harness.send(event, number);
                            } else {
                                harness.send(event);
                            }
                        });
            }
        }
        return steps;
    }

    private static StreamEvent event(int kind, Network network, long[] next, Random random) {
        int number = random.nextInt(next.length);
        String stream = "stream-" + number;
        if (kind < 23) {
            return StreamEvent.export(stream);
        } else if (kind < 27) {
            return StreamEvent.reset(stream);
        } else if (kind < 31) {
            next[number] = random.nextInt(10);
            return StreamEvent.reset(stream, state(network, random), next[number]);
        }
        int timesteps = 1 + random.nextInt(kind < 35 ? 40 : 4);
        float[][] values = new float[timesteps][FEATURES];
        for (float[] row : values) {
            row[0] = (float) random.nextGaussian();
            row[1] = (float) random.nextGaussian();
        }
        StreamEvent chunk = StreamEvent.chunk(stream, values);
        if (random.nextBoolean()) {
            next[number] += timesteps;
            return chunk;
        }
        long start = Math.max(0, next[number] + random.nextInt(7) - 4);
        next[number] = start + timesteps;
        return chunk.withStart(start);
    }

    /** A state, now and then with a value that is not a number. */
    private static List<LayerState> state(Network network, Random random) {
        List<LayerState> layers = new ArrayList<>();
        for (StateLayout.Part part : network.signature(Carry.ALWAYS).layout().parts()) {
            List<float[]> tensors = new ArrayList<>();
            for (int size : part.sizes()) {
                float[] tensor = new float[size];
                Arrays.fill(tensor, random.nextInt(3) == 0 ? Float.NaN : random.nextFloat());
                tensors.add(tensor);
            }
            layers.add(new LayerState(part.layer(), tensors));
        }
        return layers;
    }

    /** Tells all that leaves an operator, which is restored from a checkpoint between the parts. */
    private static List<String> run(
            Network network, ScoringOptions options, String provider, List<List<Step>> parts)
            throws Exception {
        ScoringOptions with = options.with(ScoringOptions.KERNEL_PROVIDER, provider);
        List<String> told = new ArrayList<>();
        Harness.Checkpoint checkpoint = null;
        for (List<Step> steps : parts) {
            try (Harness harness = new Harness(network, with, 1, checkpoint)) {
                for (Step step : steps) {
                    step.run(harness);
                }
                checkpoint = harness.checkpoint(STEPS);
                harness.records.stream().map(AsynchronousParityTest::tell).forEach(told::add);
                told.add("timestamps " + harness.timestamps);
                told.add("before watermarks " + harness.recordsBeforeWatermarks);
                told.add("before barriers " + harness.recordsBeforeBarriers);
                harness.rejected.forEach(rejected -> told.add(rejected.toString()));
            }
        }
        return told;
    }

    private static String tell(OutputRecord record) {
        if (record instanceof Score score) {
            return "%s %d %s %s"
                    .formatted(
                            score.stream(),
                            score.start(),
                            ScoringOperatorTest.flags(score),
                            ScoringOperatorTest.bits(score));
        }
        ExportedState state = (ExportedState) record;
        List<String> tensors =
                state.layers().stream()
                        .flatMap(layer -> layer.tensors().stream())
                        .map(AsynchronousParityTest::bits)
                        .toList();
        return "%s %d %s".formatted(state.stream(), state.next(), tensors);
    }

    private static String bits(float[] values) {
        return Arrays.toString(
                IntStream.range(0, values.length)
                        .map(k -> Float.floatToIntBits(values[k]))
                        .toArray());
    }
}
