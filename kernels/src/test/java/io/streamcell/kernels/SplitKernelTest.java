package io.streamcell.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamcell.models.Network;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** One call on several threads gives the bits of one thread. */
class SplitKernelTest {
    private static final KernelOptions FOUR_THREADS = new KernelOptions("exact", 4);

    @Test
    void batchOverFourThreadsGivesTheBitsOfOne() {
        for (KernelProvider provider : KernelProviders.all()) {
            if (provider.unavailable().isPresent()) {
                continue;
            }
            for (long seed = 0; seed < 20; seed++) {
                Network network = new RandomNetworks(seed).any();
                try (Streams one = new Streams(provider, network, 60);
                        Streams four = new Streams(provider, network, 60, FOUR_THREADS)) {
                    List<Streams.Row> rows = rows(one, seed, 60);
                    List<Streams.Result> expected = one.advance(rows);
                    List<Streams.Result> actual = four.advance(rows);
                    for (int row = 0; row < rows.size(); row++) {
                        assertThat(actual.get(row).outputs())
                                .as("%s, seed %d", provider.name(), seed)
                                .isDeepEqualTo(expected.get(row).outputs());
                        int slot = rows.get(row).slot();
                        assertThat(four.state(slot)).isEqualTo(one.state(slot));
                    }
                }
            }
        }
    }

    @Test
    void slotThatTwoThreadsWouldAdvanceIsRefused() {
        Network network = new RandomNetworks(1).single(new RandomNetworks(1).lstm(3, 4));
        try (Streams streams =
                new Streams(KernelProviders.all().get(0), network, 60, FOUR_THREADS)) {
            List<Streams.Row> rows = rows(streams, 1, 60);
            Streams.Row last = rows.get(59);
            rows.set(59, new Streams.Row(rows.get(0).slot(), last.timesteps(), last.inputs()));
            assertThatThrownBy(() -> streams.advance(rows))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("a slot must be named once in a batch");
        }
    }

    /** Rows of which one has most of the timesteps. */
    private static List<Streams.Row> rows(Streams streams, long seed, int count) {
        Random random = new Random(seed);
        List<Streams.Row> rows = new ArrayList<>();
        for (int slot = 0; slot < count; slot++) {
            rows.add(streams.row(random, slot, slot == 7 ? 300 : 12, 1));
        }
        Collections.shuffle(rows, random);
        return rows;
    }
}
