package io.streamcell.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.kernels.Batch;
import io.streamcell.kernels.KernelOptions;
import io.streamcell.kernels.KernelProvider;
import io.streamcell.kernels.NetworkKernel;
import io.streamcell.kernels.RandomNetworks;
import io.streamcell.kernels.StateSlab;
import io.streamcell.kernels.reference.ReferenceProvider;
import io.streamcell.models.Carry;
import io.streamcell.models.Network;
import io.streamcell.models.NetworkInput;
import io.streamcell.models.NetworkOutput;
import io.streamcell.models.NetworkSignature;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VectorParityTest {
    private static final int SLOTS = 40;
    private static final float[] EXTREMES = {
        Float.NaN,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        Float.MIN_VALUE,
        -Float.MIN_NORMAL,
        0,
        -0f,
        1e20f
    };

    @Test
    void randomNetworksOverRaggedBatchesGiveTheBitsOfTheReference() {
        for (int seed = 0; seed < 150; seed++) {
            compare(new RandomNetworks(seed).stack(), seed, false);
        }
    }

    @Test
    void outputsOfTheLastTimestepStatesAndStaticInputsGiveTheBitsOfTheReference() {
        for (int seed = 0; seed < 100; seed++) {
            compare(new RandomNetworks(seed).perChunk(), seed, false);
        }
    }

    @Test
    void extremeInputsGiveTheBitsOfTheReference() {
        for (int seed = 0; seed < 50; seed++) {
            compare(new RandomNetworks(seed).stack(), seed, true);
        }
    }

    @Test
    void wideLayersGiveTheBitsOfTheReference() {
        for (int units : new int[] {64, 100, 257}) {
            RandomNetworks networks = new RandomNetworks(units);
            compare(networks.single(networks.lstmCell(257, units), true), units, false);
            compare(networks.single(networks.gruCell(64, units, true), true), units, false);
            compare(networks.single(networks.gruCell(64, units, false), false), units, false);
        }
    }

    private static void compare(Network network, long seed, boolean extreme) {
        NetworkSignature signature = network.signature(Carry.ALWAYS);
        List<List<Integer>> bits = new ArrayList<>();
        for (KernelProvider provider : List.of(new ReferenceProvider(), new VectorProvider())) {
            try (NetworkKernel kernel =
                            provider.compile(network, signature.layout(), KernelOptions.exact());
                    StateSlab slab = kernel.newSlab(SLOTS)) {
                bits.add(bits(signature, kernel, slab, new Random(seed), extreme));
            }
        }
        assertThat(bits.get(1)).as("seed %d", seed).isEqualTo(bits.get(0));
    }

    /** All outputs of some batches, and all states after them. */
    private static List<Integer> bits(
            NetworkSignature signature,
            NetworkKernel kernel,
            StateSlab slab,
            Random random,
            boolean extreme) {
        List<Integer> bits = new ArrayList<>();
        Batch batch = new Batch(signature);
        for (int round = 0; round < 3; round++) {
            batch.clear();
            int rows = 1 + random.nextInt(20);
            int longest = 1 + random.nextInt(9);
            for (int row = 0; row < rows; row++) {
                batch.add((row * 7 + round) % SLOTS, 1 + random.nextInt(longest));
                for (int k = 0; k < signature.inputs().size(); k++) {
                    fill(batch, signature.inputs().get(k), k, row, random, extreme);
                }
            }
            kernel.advance(slab, batch);
            for (int k = 0; k < signature.outputs().size(); k++) {
                NetworkOutput output = signature.outputs().get(k);
                int count = batch.height(output.shape()) * output.shape().width();
                for (int at = 0; at < count; at++) {
                    bits.add(Float.floatToRawIntBits(batch.output(k)[at]));
                }
            }
        }
        float[] state = new float[signature.layout().carriedWidth()];
        for (int slot = 0; slot < SLOTS; slot++) {
            slab.read(slot, state);
            for (float value : state) {
                bits.add(Float.floatToRawIntBits(value));
            }
        }
        return bits;
    }

    private static void fill(
            Batch batch, NetworkInput input, int number, int row, Random random, boolean extreme) {
        int rows = input.shape().timed() ? batch.timesteps(0, row) : 1;
        int from = batch.inputStart(number, row);
        for (int k = 0; k < rows * input.shape().width(); k++) {
            float value = (float) random.nextGaussian() * 2;
            if (input.tokens()) {
                value = random.nextInt(input.vocabulary());
            } else if (extreme && random.nextInt(10) == 0) {
                value = EXTREMES[random.nextInt(EXTREMES.length)];
            }
            batch.input(number)[from + k] = value;
        }
    }
}
