package io.streamcell.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.kernels.reference.ReferenceProvider;
import io.streamcell.models.Network;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Compares a provider with the plain definition, bit for bit. */
public final class Parity {
    private Parity() {}

    /**
     * Advances random rows from random states with a provider and with the plain definition, two
     * chunks, and asserts that outputs and states are the same bits.
     *
     * @param extremes of a hundred values that are infinite, NaN, subnormal and the like
     */
    public static void compare(
            KernelProvider provider,
            Network network,
            Random random,
            int rows,
            int longest,
            int extremes) {
        compare(provider, KernelOptions.exact(), network, random, rows, longest, extremes);
    }

    /** The same, with options for the provider. */
    public static void compare(
            KernelProvider provider,
            KernelOptions options,
            Network network,
            Random random,
            int rows,
            int longest,
            int extremes) {
        try (Streams expected = new Streams(new ReferenceProvider(), network, rows + 2);
                Streams actual = new Streams(provider, network, rows + 2, options)) {
            for (int slot = 0; slot < rows + 2; slot++) {
                float[] state = new float[expected.signature().layout().carriedWidth()];
                for (int k = 0; k < state.length; k++) {
                    boolean strange = random.nextInt(100) < extremes;
                    state[k] = strange ? Float.NaN : (float) random.nextGaussian() * 0.5f;
                }
                expected.state(slot, state);
                actual.state(slot, state);
            }
            for (int call = 0; call < 2; call++) {
                List<Integer> slots =
                        new ArrayList<>(IntStream.range(0, rows + 2).boxed().toList());
                Collections.shuffle(slots, random);
                List<Streams.Row> batch = new ArrayList<>();
                for (int row = 0; row < rows - call; row++) {
                    batch.add(expected.row(random, slots.get(row), longest, extremes));
                }
                List<Streams.Result> wanted = expected.advance(batch);
                List<Streams.Result> got = actual.advance(batch);
                for (int row = 0; row < batch.size(); row++) {
                    assertThat(got.get(row).outputs())
                            .as("row %d of %s", row, network.nodes())
                            .isDeepEqualTo(wanted.get(row).outputs());
                }
                for (int slot = 0; slot < rows + 2; slot++) {
                    assertThat(actual.state(slot))
                            .as("state of %s", network.nodes())
                            .isEqualTo(expected.state(slot));
                }
            }
        }
    }
}
