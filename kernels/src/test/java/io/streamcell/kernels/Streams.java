package io.streamcell.kernels;

import io.streamcell.models.Carry;
import io.streamcell.models.Network;
import io.streamcell.models.NetworkInput;
import io.streamcell.models.NetworkSignature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A kernel with a slab and a batch, and rows of random inputs to feed it: what a test needs to
 * advance streams and to read back every bit.
 */
public final class Streams implements AutoCloseable {
    private static final float[] EXTREMES = {
        Float.NaN,
        Float.intBitsToFloat(0xffc12345),
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        0x1p-127f,
        -0x1.8p-130f,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        1e30f,
        -0f,
        0f,
        88.8f,
        -104f
    };

    private final NetworkSignature signature;
    private final NetworkKernel kernel;
    private final StateSlab slab;
    private final Batch batch;

    public Streams(KernelProvider provider, Network network, int slots) {
        this(provider, network, slots, KernelOptions.exact());
    }

    public Streams(KernelProvider provider, Network network, int slots, KernelOptions options) {
        signature = network.signature(Carry.ALWAYS);
        kernel = KernelProviders.compile(provider, network, signature.layout(), options);
        slab = kernel.newSlab(slots);
        batch = new Batch(signature);
        for (int slot = 0; slot < slots; slot++) {
            slab.reset(slot);
        }
    }

    /**
     * One row of a batch.
     *
     * @param timesteps on each axis
     * @param inputs {@code [timesteps, width]} of each input
     */
    public record Row(int slot, int[] timesteps, float[][] inputs) {
        /** Timesteps {@code from} to {@code to} of a row of a network with one axis. */
        public Row part(int from, int to) {
            float[][] parts = new float[inputs.length][];
            for (int k = 0; k < inputs.length; k++) {
                int width = inputs[k].length / timesteps[0];
                parts[k] = Arrays.copyOfRange(inputs[k], from * width, to * width);
            }
            return new Row(slot, new int[] {to - from}, parts);
        }
    }

    /** What a row gave: its outputs one after another, as bits. */
    public record Result(int[][] outputs) {}

    /** A row of random inputs; one of {@code extremes} in a hundred values is an extreme one. */
    public Row row(Random random, int slot, int longest, int extremes) {
        int[] timesteps = random.ints(signature.axes(), 1, longest + 1).toArray();
        float[][] inputs = new float[signature.inputs().size()][];
        for (int k = 0; k < inputs.length; k++) {
            NetworkInput input = signature.inputs().get(k);
            int height = input.shape().timed() ? timesteps[input.shape().axis()] : 1;
            inputs[k] = new float[height * input.shape().width()];
            for (int at = 0; at < inputs[k].length; at++) {
                inputs[k][at] = value(random, input, extremes);
            }
        }
        return new Row(slot, timesteps, inputs);
    }

    private static float value(Random random, NetworkInput input, int extremes) {
        if (input.tokens()) {
            return random.nextInt(input.vocabulary());
        }
        return random.nextInt(100) < extremes
                ? EXTREMES[random.nextInt(EXTREMES.length)]
                : (float) random.nextGaussian();
    }

    /** Advances the rows in one batch and gives what came out for each. */
    public List<Result> advance(List<Row> rows) {
        fill(rows);
        kernel.begin(slab, batch, 0, batch.rows());
        while (kernel.underway()) {
            Thread.onSpinWait();
        }
        kernel.await();
        List<Result> results = new ArrayList<>();
        for (int row = 0; row < rows.size(); row++) {
            int[][] outputs = new int[signature.outputs().size()][];
            for (int k = 0; k < outputs.length; k++) {
                var shape = signature.outputs().get(k).shape();
                int height =
                        shape.timed()
                                ? signature.timesteps(shape.axis(), rows.get(row).timesteps())
                                : 1;
                int from = batch.outputStart(k, row);
                outputs[k] = bits(batch.output(k), from, height * shape.width());
            }
            results.add(new Result(outputs));
        }
        return results;
    }

    /** Puts rows into the batch. */
    public void fill(List<Row> rows) {
        batch.clear();
        for (Row row : rows) {
            int number = batch.add(row.slot(), row.timesteps());
            for (int k = 0; k < row.inputs().length; k++) {
                float[] values = row.inputs()[k];
                System.arraycopy(
                        values, 0, batch.input(k), batch.inputStart(k, number), values.length);
            }
        }
    }

    /** Advances the batch as it is filled. */
    public void run() {
        kernel.advance(slab, batch);
    }

    /** A slot's carried state as bits. */
    public int[] state(int slot) {
        float[] state = new float[signature.layout().carriedWidth()];
        slab.read(slot, state);
        return bits(state, 0, state.length);
    }

    /** A slot's carried state. */
    public void state(int slot, float[] state) {
        slab.write(slot, state);
    }

    public NetworkSignature signature() {
        return signature;
    }

    private static int[] bits(float[] values, int from, int count) {
        int[] bits = new int[count];
        for (int k = 0; k < count; k++) {
            bits[k] = Float.floatToRawIntBits(values[from + k]);
        }
        return bits;
    }

    @Override
    public void close() {
        slab.close();
        kernel.close();
    }
}
