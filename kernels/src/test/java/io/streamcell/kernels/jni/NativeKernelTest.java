package io.streamcell.kernels.jni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamcell.kernels.Allocation;
import io.streamcell.kernels.KernelContract;
import io.streamcell.kernels.RandomNetworks;
import io.streamcell.kernels.Streams;
import io.streamcell.models.Embedding;
import io.streamcell.models.Network;
import io.streamcell.models.NetworkBuilder;
import io.streamcell.models.Recurrent;
import io.streamcell.models.Weights;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class NativeKernelTest extends KernelContract {
    NativeKernelTest() {
        super(new NativeProvider());
    }

    @BeforeAll
    static void onlyWhereTheLibraryWasBuilt() {
        NativeHere.assume();
    }

    @Test
    void tokenOutsideOfItsTableLeavesEveryStateAsItWasThoughRowsAreComputedInBlocks() {
        int rows = 60;
        int timesteps = 100;
        NetworkBuilder builder = new NetworkBuilder("tokens");
        int ids = builder.timedInput("ids", List.of());
        Weights table = Weights.matrix(3, 64, new float[3 * 64]);
        List<Integer> embedded = builder.add(new Embedding("embedding", table), List.of(ids));
        Recurrent layer = new Recurrent("lstm", "LSTM", List.of(lstm(64, 32)), true, false, true);
        Network network =
                builder.build(List.of("h"), builder.add(layer, embedded).subList(0, 1), false);
        try (Streams streams = new Streams(new NativeProvider(), network, rows)) {
            List<Streams.Row> batch = new ArrayList<>();
            for (int row = 0; row < rows; row++) {
                batch.add(
                        new Streams.Row(
                                row, new int[] {timesteps}, new float[][] {new float[timesteps]}));
            }
            batch.get(rows - 1).inputs()[0][timesteps - 1] = 3;
            assertThatThrownBy(() -> streams.advance(batch))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a token id must be in its embedding's table, got one outside");
            assertThat(streams.state(0)).containsOnly(0);
            batch.get(rows - 1).inputs()[0][timesteps - 1] = 2;
            streams.advance(batch);
            assertThat(streams.state(0)).doesNotContain(0);
        }
    }

    @Test
    void batchAllocatesNothingInTheHeapOnceScratchMemoryHasGrown() {
        for (long seed = 0; seed < 10; seed++) {
            Network network = new RandomNetworks(seed).any();
            assertThat(Allocation.perBatch(new NativeProvider(), network, 9, 4))
                    .as("seed %d", seed)
                    .isLessThan(16);
        }
    }
}
