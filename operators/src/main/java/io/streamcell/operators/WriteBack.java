package io.streamcell.operators;

import io.streamcell.kernels.StateSlab;
import io.streamcell.state.StreamState;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * Writes streams to keyed state. Their states are read from the slab many at a time, since each
 * read is a round trip where the slab lies on a device.
 */
final class WriteBack {
    static final int MOST_STREAMS = 1024;

    /** Wide states are read fewer at a time, so that they take 16 MB at most. */
    private static final int MOST_FLOATS = 1 << 22;

    private final StateSlab slab;
    private final StreamStates states;
    private final long fingerprint;
    private final int carriedWidth;

    // The first count wait to be written.
    private final Resident[] streams;
    private final int[] slots;
    private int count;

    // [streams, carriedWidth]; grows to what is needed
    private float[] floats = new float[0];

    /**
     * @param fingerprint of the network whose states they are
     * @param carriedWidth floats that are kept of each
     */
    WriteBack(StateSlab slab, StreamStates states, long fingerprint, int carriedWidth) {
        this.slab = slab;
        this.states = states;
        this.fingerprint = fingerprint;
        this.carriedWidth = carriedWidth;
        int fitting = Math.max(1, MOST_FLOATS / Math.max(1, carriedWidth));
        this.streams = new Resident[Math.min(fitting, Math.min(MOST_STREAMS, slab.slots()))];
        this.slots = new int[streams.length];
    }

    /** Takes a stream to be written by {@link #flush} at the latest, if it changed. */
    void add(Resident resident) throws IOException {
        if (!resident.dirty) {
            return;
        }
        resident.dirty = false;
        streams[count] = resident;
        slots[count++] = resident.slot;
        if (count == streams.length) {
            flush();
        }
    }

    /** Writes what was taken. */
    void flush() throws IOException {
        if (count == 0) {
            return;
        }
        if (carriedWidth > 0) {
            if (floats.length < count * carriedWidth) {
                floats = new float[Math.min(2 * count, streams.length) * carriedWidth];
            }
            slab.read(slots, count, floats);
        }
        for (int k = 0; k < count; k++) {
            states.write(streams[k], vectors(k));
        }
        Arrays.fill(streams, 0, count, null);
        count = 0;
    }

    private List<StreamState.Vector> vectors(int number) {
        if (carriedWidth == 0) {
            return List.of();
        }
        int from = number * carriedWidth;
        float[] own = Arrays.copyOfRange(floats, from, from + carriedWidth);
        return List.of(new StreamState.Vector(fingerprint, own));
    }
}
