package io.streamcell.kernels.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.kernels.Streams;
import io.streamcell.kernels.reference.ReferenceProvider;
import io.streamcell.models.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** ND4J and the reference give the same values but for rounding. */
final class Agreement {
    static final double MOST = 1e-5;

    /** A rounding. */
    private static final float NUDGE = 0x1p-23f;

    private Agreement() {}

    /**
     * The same network on the reference and on ND4J: rows of random lengths from random states, in
     * two batches after another.
     *
     * @return false if the network overflows, or carries a rounding of its inputs so far that
     *     nothing can be said
     */
    static boolean check(Network network, long seed, int rows, int longest) {
        Random random = new Random(seed);
        try (Streams expected = new Streams(new ReferenceProvider(), network, rows + 1);
                Streams nudged = new Streams(new ReferenceProvider(), network, rows + 1);
                Streams actual = new Streams(new Nd4jProvider(), network, rows + 1)) {
            for (int slot = 0; slot <= rows; slot++) {
                float[] state = new float[expected.signature().layout().carriedWidth()];
                for (int k = 0; k < state.length; k++) {
                    state[k] = (float) random.nextGaussian() * 0.5f;
                }
                expected.state(slot, state);
                nudged.state(slot, nudged(state));
                actual.state(slot, state);
            }
            for (int call = 0; call < 2; call++) {
                List<Streams.Row> batch = batch(expected, random, rows, longest);
                List<int[]> wanted = values(expected, batch, rows);
                List<Streams.Row> near = new ArrayList<>();
                for (Streams.Row row : batch) {
                    float[][] inputs = row.inputs().clone();
                    for (int k = 0; k < inputs.length; k++) {
                        boolean tokens = network.inputs().get(k).tokens();
                        inputs[k] = tokens ? inputs[k] : nudged(inputs[k]);
                    }
                    near.add(new Streams.Row(row.slot(), row.timesteps(), inputs));
                }
                if (overflows(wanted) || farthest(values(nudged, near, rows), wanted) > MOST / 4) {
                    return false;
                }
                assertThat(farthest(values(actual, batch, rows), wanted))
                        .as("seed %d", seed)
                        .isLessThanOrEqualTo(MOST);
            }
            return true;
        }
    }

    private static float[] nudged(float[] values) {
        float[] nudged = values.clone();
        for (int k = 0; k < nudged.length; k++) {
            nudged[k] *= k % 2 == 0 ? 1 + NUDGE : 1 - NUDGE;
        }
        return nudged;
    }

    private static boolean overflows(List<int[]> values) {
        return values.stream()
                .flatMapToInt(Arrays::stream)
                .anyMatch(bits -> !Float.isFinite(Float.intBitsToFloat(bits)));
    }

    /** All outputs of a batch, then the states of all slots, as bits. */
    private static List<int[]> values(Streams streams, List<Streams.Row> batch, int rows) {
        List<int[]> values = new ArrayList<>();
        streams.advance(batch).forEach(result -> values.addAll(List.of(result.outputs())));
        for (int slot = 0; slot <= rows; slot++) {
            values.add(streams.state(slot));
        }
        return values;
    }

    private static double farthest(List<int[]> actual, List<int[]> expected) {
        double farthest = 0;
        for (int k = 0; k < expected.size(); k++) {
            farthest = Math.max(farthest, farthest(actual.get(k), expected.get(k)));
        }
        return farthest;
    }

    /**
     * The greatest difference, of values above 1 in parts of their size; infinite where only one is
     * a number.
     */
    static double farthest(int[] actual, int[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        double farthest = 0;
        for (int k = 0; k < actual.length; k++) {
            double wanted = Float.intBitsToFloat(expected[k]);
            double got = Float.intBitsToFloat(actual[k]);
            if (Double.compare(got, wanted) != 0) {
                double difference = Math.abs(got - wanted) / Math.max(1, Math.abs(wanted));
                farthest = difference >= 0 ? Math.max(farthest, difference) : 1 / 0.0;
            }
        }
        return farthest;
    }

    private static List<Streams.Row> batch(Streams streams, Random random, int rows, int longest) {
        List<Integer> slots = new ArrayList<>(IntStream.rangeClosed(0, rows).boxed().toList());
        Collections.shuffle(slots, random);
        List<Streams.Row> batch = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            batch.add(streams.row(random, slots.get(row), longest, 0));
        }
        return batch;
    }
}
