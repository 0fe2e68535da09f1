package io.streamcell.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.streamcell.kernels.Batch;
import io.streamcell.kernels.KernelException;
import io.streamcell.kernels.KernelOptions;
import io.streamcell.kernels.KernelProviders;
import io.streamcell.kernels.NetworkKernel;
import io.streamcell.kernels.RandomNetworks;
import io.streamcell.kernels.StateSlab;
import io.streamcell.models.Activation;
import io.streamcell.models.Carry;
import io.streamcell.models.Network;
import io.streamcell.models.NetworkSignature;
import io.streamcell.models.SimpleRnn;
import io.streamcell.models.Weights;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the host does around the kernels, on an emulated device. */
class CudaKernelTest {
    @BeforeAll
    static void assume() {
        assumeThat(EmulatedDevice.unavailable()).isEmpty();
    }

    private static final int ROWS = 30;

    private final EmulatedDevice device = new EmulatedDevice(75);
    private final CudaProvider provider = new CudaProvider(device);
    private final RandomNetworks networks = new RandomNetworks(3);
    private final Network network = networks.single(networks.lstm(3, 5));
    private final NetworkSignature signature = network.signature(Carry.ALWAYS);

    private NetworkKernel kernel(long pieceFloats) {
        Program program =
                ProgramBuilder.build(device, network, signature.layout(), Precision.EXACT);
        return new CudaKernel(network, signature.layout(), program, pieceFloats);
    }

    private Batch batch() {
        Random random = new Random(1);
        Batch batch = new Batch(signature);
        for (int row = 0; row < ROWS; row++) {
            batch.add(ROWS - 1 - row, 1 + row % 4);
        }
        float[] input = batch.input(0);
        for (int k = 0; k < batch.start(0, ROWS) * 3; k++) {
            input[k] = (float) random.nextGaussian();
        }
        return batch;
    }

    private float[] outputs(Batch batch) {
        return Arrays.copyOf(batch.output(0), batch.start(0, ROWS) * 5);
    }

    private float[] states(StateSlab slab) {
        int[] slots = new Random(2).ints(0, ROWS).distinct().limit(ROWS).toArray();
        float[] states = new float[ROWS * signature.layout().carriedWidth()];
        slab.read(slots, ROWS, states);
        return states;
    }

    @Test
    void batchInManyPiecesGivesWhatOneGives() {
        try (NetworkKernel whole = kernel(1 << 20);
                NetworkKernel pieces = kernel(40);
                StateSlab one = whole.newSlab(ROWS);
                StateSlab many = pieces.newSlab(ROWS)) {
            for (int call = 0; call < 2; call++) {
                for (int slot = 0; slot < ROWS && call == 0; slot++) {
                    one.reset(slot);
                    many.reset(slot);
                }
                Batch expected = batch();
                Batch actual = batch();
                whole.advance(one, expected);
                pieces.advance(many, actual);
                assertThat(outputs(actual)).isEqualTo(outputs(expected));
                assertThat(states(many)).isEqualTo(states(one));
            }
        }
    }

    @Test
    void batchThatWasBegunIsDoneAfterTheWait() {
        try (NetworkKernel kernel = kernel(1 << 20);
                StateSlab begun = kernel.newSlab(ROWS);
                StateSlab advanced = kernel.newSlab(ROWS)) {
            for (int slot = 0; slot < ROWS; slot++) {
                begun.reset(slot);
                advanced.reset(slot);
            }
            Batch expected = batch();
            kernel.advance(advanced, expected);
            Batch actual = batch();
            kernel.begin(begun, actual, 0, ROWS);
            kernel.await();
            assertThat(outputs(actual)).isEqualTo(outputs(expected));
            assertThat(states(begun)).isEqualTo(states(advanced));
        }
    }

    @Test
    void writtenStateIsReadBeforeAndAfterItReachesTheDevice() {
        try (NetworkKernel kernel = kernel(1 << 20);
                StateSlab slab = kernel.newSlab(3)) {
            float[] state = {1, 2, 3, 4, 5, 6, 7, 8, 9, Float.intBitsToFloat(0xffc12345)};
            slab.write(1, new float[10]);
            slab.write(1, state);
            slab.reset(2);
            float[] read = new float[10];
            slab.read(1, read);
            state[9] = Float.NaN;
            assertThat(read).isEqualTo(state);
            assertThat(Float.floatToRawIntBits(read[9])).isEqualTo(0x7fc00000);
            slab.reset(1);
            slab.read(1, read);
            assertThat(read).containsOnly(0);
            slab.read(2, read);
            assertThat(read).containsOnly(0);
        }
    }

    @Test
    void stateThatIsNotCarriedStartsEveryChunkAfresh() {
        NetworkSignature never = network.signature(Carry.NEVER);
        Program program = ProgramBuilder.build(device, network, never.layout(), Precision.EXACT);
        try (NetworkKernel kernel = new CudaKernel(network, never.layout(), program);
                StateSlab slab = kernel.newSlab(ROWS)) {
            for (int slot = 0; slot < ROWS; slot++) {
                slab.reset(slot);
            }
            Batch first = batch();
            kernel.advance(slab, first);
            for (int slot = 0; slot < ROWS; slot++) {
                slab.startChunk(slot);
            }
            Batch second = batch();
            kernel.advance(slab, second);
            assertThat(outputs(second)).isEqualTo(outputs(first));
        }
    }

    @Test
    void callOverResidentStatesCopiesInputsAndOutputsAloneForEachTimestep() {
        try (NetworkKernel kernel = kernel(1 << 20);
                StateSlab slab = kernel.newSlab(ROWS)) {
            for (int slot = 0; slot < ROWS; slot++) {
                slab.reset(slot);
            }
            kernel.advance(slab, batch());
            long copied = device.copied();
            Batch batch = batch();
            kernel.advance(slab, batch);
            long timesteps = batch.start(0, ROWS);
            long values = timesteps * (3 + 5) * Float.BYTES;
            // A row's slot, place and length; a timestep's rows; the gaps between them.
            long places = ROWS * 20L + 4 * 12L + 3 * 256L;
            assertThat(device.copied() - copied).isBetween(values, values + places);
        }
    }

    @Test
    void callCopiesBackItsOutputsAndNothingBesides() {
        try (NetworkKernel kernel = kernel(1 << 20);
                StateSlab slab = kernel.newSlab(ROWS)) {
            for (int slot = 0; slot < ROWS; slot++) {
                slab.reset(slot);
            }
            long before = device.downloaded();
            Batch batch = batch();
            kernel.advance(slab, batch);
            long outputs = batch.start(0, ROWS) * 5L * Float.BYTES;
            assertThat(device.downloaded() - before).isEqualTo(outputs);
        }
    }

    @Test
    void slabThatDoesNotFitTheDeviceIsRefusedWithWhatWouldFit() {
        try (NetworkKernel kernel = kernel(1 << 20)) {
            assertThatThrownBy(() -> kernel.newSlab(20_000_000))
                    .isInstanceOf(KernelException.class)
                    .hasMessage(
                            "slab.max-streams must be at most 11184810, since a stream's state takes 96 bytes of the 1024 MB that are free on an emulated GPU (compute capability 7.5), got 20000000");
        }
    }

    @Test
    void precisionThatTheDeviceDoesNotHaveIsRefused() {
        assertThatThrownBy(
                        () ->
                                KernelProviders.compile(
                                        provider,
                                        network,
                                        signature.layout(),
                                        new KernelOptions("bf16", 1)))
                .isInstanceOf(KernelException.class)
                .hasMessage(
                        "kernel.precision bf16 needs compute capability 8.0 or newer, got an emulated GPU (compute capability 7.5)");
    }

    @Test
    void cellWithoutACudaKernelIsRefusedByLayerAndReason() {
        Network softmax =
                networks.single(
                        new SimpleRnn(
                                2,
                                3,
                                Activation.SOFTMAX,
                                Weights.matrix(2, 3, new float[6]),
                                Weights.matrix(3, 3, new float[9]),
                                Weights.vector(new float[3])));
        assertThatThrownBy(
                        () ->
                                KernelProviders.compile(
                                        provider,
                                        softmax,
                                        softmax.signature(Carry.ALWAYS).layout(),
                                        KernelOptions.exact()))
                .isInstanceOf(KernelException.class)
                .hasMessage(
                        "kernel.provider cuda must compute the whole model, but not layer rnn: SimpleRNN with softmax, which needs all units at once, has no CUDA kernel (kernel.fallback cpu computes it there)");
    }

    @Test
    void deviceThatFailsInTheMiddleFailsTheCallAndIsNotTakenAgain() {
        assertThat(provider.unavailable()).isEmpty();
        try (NetworkKernel kernel = kernel(1 << 20);
                StateSlab slab = kernel.newSlab(ROWS)) {
            kernel.advance(slab, batch());
            device.fail("CUDA error 700, an illegal memory access was encountered");
            assertThatThrownBy(() -> kernel.advance(slab, batch()))
                    .isInstanceOf(CudaException.class)
                    .hasMessageContaining("illegal memory access");
            assertThat(provider.unavailable())
                    .hasValue(
                            "the GPU failed, and this process must be started again to use it: CUDA error 700, an illegal memory access was encountered");
        }
    }
}
