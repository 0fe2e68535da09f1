package io.streamcell.kernels.cuda;

import io.streamcell.kernels.Batch;
import io.streamcell.kernels.HostSlab;
import io.streamcell.kernels.KernelException;
import io.streamcell.kernels.StateSlab;
import io.streamcell.models.StateLayout;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * States in the device's memory, where they stay between calls. What is written to slots waits on
 * the host until the next call or read, so that many travel in one copy.
 */
final class CudaSlab implements StateSlab {
    private static final byte NOTHING = 0;
    private static final byte INITIAL = 1;
    // what is not carried is made initial
    private static final byte RESTARTED = 2;
    // what is carried is given, the rest made initial
    private static final byte GIVEN = 3;

    private final StateLayout layout;
    private final Program program;
    private final Device device;
    private final int slots;
    private final int axes;
    private final List<Long> addresses = new ArrayList<>();
    private final Transfer transfer;
    // per slot, a bit for every axis of time: which of the two h is valid
    private final int[] versions;

    // what waits for a slot, the slots that something waits for, and given states
    private final byte[] waiting;
    private int[] waitingSlots = new int[16];
    private int waitingCount;
    private final int[] givenPlace;
    private float[] givenStates = new float[0];
    private int givenCount;

    /**
     * @throws KernelException if the device's memory cannot hold it
     */
    CudaSlab(StateLayout layout, Program program, int slots) {
        if (slots < 1) {
            throw new IllegalArgumentException("a slab must have a slot, got " + slots);
        }
        this.layout = layout;
        this.program = program;
        this.device = program.device();
        this.slots = slots;
        this.axes =
                program.states.stream().mapToInt(Program.StateTensor::axis).max().orElse(-1) + 1;
        this.versions = new int[slots];
        this.waiting = new byte[slots];
        this.givenPlace = new int[slots];
        checkMemory();
        this.transfer = new Transfer(device);
        boolean made = false;
        try {
            for (Program.StateTensor state : program.states) {
                addresses.add(device.allocate(state.bytes(slots)));
            }
            made = true;
        } finally {
            if (!made) {
                close();
            }
        }
    }

    private void checkMemory() {
        long perSlot = program.states.stream().mapToLong(state -> state.bytes(1)).sum();
        long free = device.freeMemory();
        if (perSlot * slots > free) {
            throw new KernelException(
                    "slab.max-streams must be at most %d, since a stream's state takes %d bytes of the %d MB that are free on %s, got %d"
                            .formatted(
                                    free / perSlot,
                                    perSlot,
                                    free >> 20,
                                    device.properties(),
                                    slots));
        }
    }

    /** Where a state tensor begins. */
    long address(int state) {
        return addresses.get(state);
    }

    /** A slot and which of its h is valid on an axis, as kernels take them. */
    int row(int slot, int axis) {
        return slot * 2 + (versions[slot] >> axis & 1);
    }

    /** Notes that a slot advances by some timesteps on an axis. */
    void advance(int slot, int axis, int timesteps) {
        versions[slot] ^= (timesteps & 1) << axis;
    }

    @Override
    public int slots() {
        return slots;
    }

    @Override
    public void reset(int slot) {
        wait(slot, INITIAL);
    }

    @Override
    public void startChunk(int slot) {
        if (waiting[slot] == NOTHING) {
            wait(slot, RESTARTED);
        }
    }

    @Override
    public void write(int slot, float[] state) {
        int width = layout.carriedWidth();
        if (waiting[slot] != GIVEN) {
            wait(slot, GIVEN);
            givenPlace[slot] = givenCount++;
        }
        int at = givenPlace[slot] * width;
        if (givenStates.length < at + width) {
            givenStates = Arrays.copyOf(givenStates, (at + width) * 2);
        }
        for (int k = 0; k < width; k++) {
            givenStates[at + k] = Float.isNaN(state[k]) ? Float.NaN : state[k];
        }
    }

    private void wait(int slot, byte what) {
        if (waiting[slot] == NOTHING) {
            if (waitingCount == waitingSlots.length) {
                waitingSlots = Arrays.copyOf(waitingSlots, 2 * waitingCount);
            }
            waitingSlots[waitingCount++] = slot;
        }
        waiting[slot] = what;
    }

    /** Brings what was written to the device; what is launched afterwards sees it. */
    void flush() {
        if (waitingCount == 0) {
            return;
        }
        int carried = layout.carriedWidth();
        int[] chosen = new int[waitingCount];
        putInitial(chosen, choose(chosen, INITIAL, INITIAL), 0);
        putInitial(chosen, choose(chosen, RESTARTED, GIVEN), carried);
        putGiven(chosen, choose(chosen, GIVEN, GIVEN));
        for (int k = 0; k < waitingCount; k++) {
            waiting[waitingSlots[k]] = NOTHING;
        }
        waitingCount = 0;
        givenCount = 0;
    }

    private int choose(int[] chosen, byte least, byte most) {
        int count = 0;
        for (int k = 0; k < waitingCount; k++) {
            byte what = waiting[waitingSlots[k]];
            if (what >= least && what <= most) {
                chosen[count++] = waitingSlots[k];
            }
        }
        return count;
    }

    private void putInitial(int[] chosen, int count, int from) {
        int width = layout.width() - from;
        if (count == 0 || width == 0) {
            return;
        }
        long at = stage(chosen, count, width);
        float[] initial = new float[layout.width()];
        layout.writeInitial(from, layout.width(), initial, 0);
        floats(at).put(initial, from, width);
        transfer.upload(at + (long) width * Float.BYTES);
        move(program.kernels.putStates, count, from, layout.width(), 0, at);
        transfer.stream().await();
    }

    private void putGiven(int[] chosen, int count) {
        int width = layout.carriedWidth();
        if (count == 0 || width == 0) {
            return;
        }
        long at = stage(chosen, count, (long) count * width);
        FloatBuffer vectors = floats(at);
        for (int k = 0; k < count; k++) {
            vectors.put(givenStates, givenPlace[chosen[k]] * width, width);
        }
        transfer.upload(at + (long) count * width * Float.BYTES);
        move(program.kernels.putStates, count, 0, width, width, at);
        transfer.stream().await();
    }

    @Override
    public void read(int slot, float[] state) {
        read(new int[] {slot}, 1, state);
    }

    @Override
    public void read(int[] chosen, int count, float[] states) {
        int width = layout.carriedWidth();
        if (count == 0 || width == 0) {
            return;
        }
        flush();
        long bytes = (long) count * width * Float.BYTES;
        long at = stage(chosen, count, (long) count * width);
        transfer.upload(at);
        move(program.kernels.getStates, count, 0, width, width, at);
        transfer.download(at + bytes);
        transfer.stream().await();
        floats(at).get(states, 0, count * width);
    }

    /** Copies whole states of some rows' slots here from a slab of the host. */
    void copyFrom(HostSlab host, Batch batch, int from, int to) {
        int width = layout.width();
        int count = to - from;
        int[] chosen = Arrays.copyOfRange(batch.slots(), from, to);
        long at = stage(chosen, count, (long) count * width);
        FloatBuffer vectors = floats(at);
        for (int slot : chosen) {
            vectors.put(host.page(slot), host.offset(slot), width);
        }
        transfer.upload(at + (long) count * width * Float.BYTES);
        move(program.kernels.putStates, count, 0, width, width, at);
        transfer.stream().await();
    }

    /** Copies this program's states of some rows' slots back. */
    void copyTo(HostSlab host, Batch batch, int from, int to) {
        int width = layout.width();
        int count = to - from;
        int[] chosen = Arrays.copyOfRange(batch.slots(), from, to);
        long at = stage(chosen, count, (long) count * width);
        transfer.upload(at);
        move(program.kernels.getStates, count, 0, width, width, at);
        transfer.download(at + (long) count * width * Float.BYTES);
        transfer.stream().await();
        FloatBuffer vectors = floats(at);
        for (int k = 0; k < count; k++) {
            for (Program.StateTensor state : program.states) {
                vectors.get(
                        k * width + state.offset(),
                        host.page(chosen[k]),
                        host.offset(chosen[k]) + state.offset(),
                        state.units());
            }
        }
    }

    /**
     * Makes room for vectors of so many floats behind the rows of slots, each axis's, and writes
     * those; gives where the vectors begin.
     */
    private long stage(int[] chosen, int count, long floats) {
        long at = ((long) axes * count * Integer.BYTES + 15) / 16 * 16;
        transfer.reserve(at + floats * Float.BYTES);
        ByteBuffer host = transfer.host();
        for (int axis = 0; axis < axes; axis++) {
            for (int k = 0; k < count; k++) {
                host.putInt((axis * count + k) * Integer.BYTES, row(chosen[k], axis));
            }
        }
        return at;
    }

    private FloatBuffer floats(long at) {
        ByteBuffer part = transfer.host().duplicate().order(transfer.host().order());
        part.position(Math.toIntExact(at));
        return part.slice().order(transfer.host().order()).asFloatBuffer();
    }

    /**
     * Launches the moves of all state tensors of the layout's floats {@code from} to {@code to}.
     */
    private void move(Device.Kernel kernel, int count, int from, int to, int width, long at) {
        for (int k = 0; k < program.states.size(); k++) {
            Program.StateTensor state = program.states.get(k);
            if (state.offset() < from || state.offset() >= to) {
                continue;
            }
            long values = (long) count * state.units();
            int threads = Device.Kernel.THREADS;
            transfer.stream()
                    .launch(
                            kernel,
                            (int) Math.min(4096, (values + threads - 1) / threads),
                            1,
                            transfer.address() + at,
                            width,
                            state.offset() - from,
                            address(k),
                            state.pitch(),
                            slots,
                            state.versions(),
                            transfer.address() + (long) state.axis() * count * Integer.BYTES,
                            state.units(),
                            count);
        }
    }

    @Override
    public void close() {
        addresses.forEach(device::release);
        addresses.clear();
        transfer.close();
    }
}
