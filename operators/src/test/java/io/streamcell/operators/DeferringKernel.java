package io.streamcell.operators;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.kernels.Batch;
import io.streamcell.kernels.NetworkKernel;
import io.streamcell.kernels.StateSlab;
import java.util.Arrays;

/**
 * Computes in {@link #await}. Until then it spoils the batch's outputs, and fails if the batch
 * changes or a slot that it names is read or written.
 */
final class DeferringKernel implements NetworkKernel {
    private final NetworkKernel kernel;
    private final DeferringProvider.Device device;

    // what was begun; batch is null when nothing was
    private Slab slab;
    private Batch batch;
    private int from;
    private int to;
    private int[] slots;
    private float[][] inputs;
    private int checks;

    DeferringKernel(NetworkKernel kernel, DeferringProvider.Device device) {
        this.kernel = kernel;
        this.device = device;
    }

    @Override
    public StateSlab newSlab(int count) {
        return new Slab(kernel.newSlab(count));
    }

    @Override
    public void advance(StateSlab of, Batch rows, int first, int end) {
        begin(of, rows, first, end);
        await();
    }

    @Override
    public void begin(StateSlab of, Batch rows, int first, int end) {
        assertThat(batch).as("a batch that was begun before").isNull();
        device.calls.add("begin");
        slab = (Slab) of;
        batch = rows;
        from = first;
        to = end;
        slots = Arrays.copyOf(rows.slots(), end);
        inputs = copy(rows.inputs());
        checks = device.checks.getAsInt();
        for (float[] output : rows.outputs()) {
            Arrays.fill(output, Float.NaN);
        }
    }

    private static float[][] copy(float[][] values) {
        return Arrays.stream(values).map(float[]::clone).toArray(float[][]::new);
    }

    @Override
    public boolean underway() {
        return batch != null && checks-- > 0;
    }

    @Override
    public void await() {
        if (batch == null) {
            return;
        }
        device.calls.add("await");
        Batch begun = batch;
        batch = null;
        if (device.failure != null) {
            throw device.failure;
        }
        assertThat(begun.rows()).as("rows while they are computed").isEqualTo(to);
        assertThat(Arrays.copyOf(begun.slots(), to)).isEqualTo(slots);
        assertThat(begun.inputs()).isDeepEqualTo(inputs);
        kernel.advance(slab.states, begun, from, to);
    }

    @Override
    public void close() {
        assertThat(batch).as("a batch that is underway when the kernel is closed").isNull();
        device.calls.add("close");
        kernel.close();
    }

    private final class Slab implements StateSlab {
        private final StateSlab states;

        Slab(StateSlab states) {
            this.states = states;
        }

        /** Gives the slot, unless its state is being computed. */
        private int idle(int slot) {
            if (batch != null) {
                assertThat(slots).as("slots that are being computed").doesNotContain(slot);
            }
            return slot;
        }

        @Override
        public int slots() {
            return states.slots();
        }

        @Override
        public void reset(int slot) {
            states.reset(idle(slot));
        }

        @Override
        public void startChunk(int slot) {
            states.startChunk(idle(slot));
        }

        @Override
        public void read(int slot, float[] state) {
            states.read(idle(slot), state);
        }

        @Override
        public void read(int[] chosen, int count, float[] values) {
            Arrays.stream(chosen, 0, count).forEach(this::idle);
            states.read(chosen, count, values);
        }

        @Override
        public void write(int slot, float[] state) {
            states.write(idle(slot), state);
        }

        @Override
        public void close() {
            assertThat(batch).as("a batch that is underway when the slab is closed").isNull();
            states.close();
        }
    }
}
