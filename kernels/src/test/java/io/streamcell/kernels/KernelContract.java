package io.streamcell.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.streamcell.models.Activation;
import io.streamcell.models.Carry;
import io.streamcell.models.Cell;
import io.streamcell.models.Gru;
import io.streamcell.models.Lstm;
import io.streamcell.models.Network;
import io.streamcell.models.NetworkBuilder;
import io.streamcell.models.NetworkSignature;
import io.streamcell.models.Recurrent;
import io.streamcell.models.SimpleRnn;
import io.streamcell.models.Weights;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What every provider's kernels must do. The known values come from Keras: W .01, R .02, b .03,
 * ones after ones.
 */
public abstract class KernelContract {
    private final KernelProvider provider;

    protected KernelContract(KernelProvider provider) {
        this.provider = provider;
    }

    @Test
    void anLstmGivesWhatKerasGives() {
        Weights bias = filled(1, 12, .03f);
        Arrays.fill(bias.values(), 3, 6, 1); // unit_forget_bias
        Lstm cell =
                new Lstm(
                        4,
                        3,
                        Activation.TANH,
                        Activation.SIGMOID,
                        filled(4, 12, .01f),
                        filled(3, 12, .02f),
                        bias);

        assertFirstUnits(last(cell, 3, 6), .6288687f, .86899155f, .9460773f);
    }

    @Test
    void bothFormsOfTheGruGiveWhatKerasGives() {
        assertFirstUnits(last(gru(true), 3, 6), .5217289f, .6371659f, .39384964f);
        assertFirstUnits(last(gru(false), 3, 6), .51447755f, .6426879f, .40208298f);
    }

    private static Gru gru(boolean resetAfter) {
        return new Gru(
                4,
                3,
                resetAfter,
                Activation.TANH,
                Activation.SIGMOID,
                filled(4, 9, .01f),
                filled(3, 9, .02f),
                filled(resetAfter ? 2 : 1, 9, .03f));
    }

    @Test
    void aSimpleRnnGivesWhatKerasGives() {
        SimpleRnn cell =
                new SimpleRnn(
                        4,
                        4,
                        Activation.TANH,
                        filled(4, 4, .01f),
                        filled(4, 4, .02f),
                        filled(1, 4, .03f));

        assertFirstUnits(last(cell, 2, 3), .405432f, .73605347f);
    }

    @Test
    void aSlotNamedTwiceIsRefused() {
        Network network = new RandomNetworks(1).lstm(3, 7);
        NetworkSignature signature = network.signature(Carry.ALWAYS);
        try (NetworkKernel kernel =
                        provider.compile(network, signature.layout(), KernelOptions.exact());
                StateSlab slab = kernel.newSlab(4)) {
            Batch batch = new Batch(signature);
            batch.add(2, 1);
            batch.add(2, 1);
            assertThatThrownBy(() -> kernel.advance(slab, batch))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "a slot must be named once in a batch, got 2 twice: a stream would skip its own past");
            batch.clear();
            batch.add(4, 1);
            assertThatThrownBy(() -> kernel.advance(slab, batch))
                    .hasMessage("slots must be below 4, got 4");
        }
    }

    /** Bytes that a call allocates once its scratch memory has grown, measured over many. */
    protected long bytesPerCall() {
        Network network = new RandomNetworks(3).lstm(5, 17);
        NetworkSignature signature = network.signature(Carry.ALWAYS);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (NetworkKernel kernel =
                        provider.compile(network, signature.layout(), KernelOptions.exact());
                StateSlab slab = kernel.newSlab(64)) {
            Batch batch = new Batch(signature);
            for (int call = 0; call < 20_000; call++) {
                refill(batch);
                kernel.advance(slab, batch);
            }
            long thread = Thread.currentThread().getId();
            long before = threads.getThreadAllocatedBytes(thread);
            int calls = 1000;
            for (int call = 0; call < calls; call++) {
                refill(batch);
                kernel.advance(slab, batch);
            }
            return (threads.getThreadAllocatedBytes(thread) - before) / calls;
        }
    }

    private static void refill(Batch batch) {
        batch.clear();
        for (int row = 0; row < 16; row++) {
            batch.add(row * 3, 1 + row % 4);
        }
    }

    /**
     * Three rows (or two) of ascending numbers, as in Keras' own tests; the output after the last
     * timestep.
     */
    private float[] last(Cell cell, int rows, int timesteps) {
        NetworkBuilder builder = new NetworkBuilder("known");
        int input = builder.timedInput("x", List.of(cell.features()));
        var layer = new Recurrent("rnn", cell.kind(), List.of(cell), false, false, false);
        Network network = builder.build(List.of("rnn"), builder.add(layer, List.of(input)), false);
        NetworkSignature signature = network.signature(Carry.ALWAYS);
        try (NetworkKernel kernel =
                        provider.compile(network, signature.layout(), KernelOptions.exact());
                StateSlab slab = kernel.newSlab(rows)) {
            Batch batch = new Batch(signature);
            for (int row = 0; row < rows; row++) {
                batch.add(row, timesteps);
            }
            for (int k = 0; k < rows * timesteps * cell.features(); k++) {
                batch.input(0)[k] = k;
            }
            kernel.advance(slab, batch);
            float[] firsts = new float[rows];
            for (int row = 0; row < rows; row++) {
                firsts[row] = batch.output(0)[row * cell.units()];
            }
            return firsts;
        }
    }

    private static void assertFirstUnits(float[] found, float... expected) {
        for (int k = 0; k < expected.length; k++) {
            assertThat(found[k]).isCloseTo(expected[k], within(1e-6f));
        }
    }

    private static Weights filled(int rows, int columns, float value) {
        float[] values = new float[rows * columns];
        Arrays.fill(values, value);
        return Weights.matrix(rows, columns, values);
    }
}
