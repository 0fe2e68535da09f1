package io.streamcell.operators;

import io.streamcell.kernels.StateSlab;
import io.streamcell.state.StreamState;
import java.io.IOException;
import java.util.ArrayDeque;

/**
 * The slab as a write-back cache over keyed state. A stream is read when it first appears and
 * written when it is evicted, when more than {@code maxDirty} have changed, or when a checkpoint is
 * taken. Eviction is by CLOCK (Corbato 1968): a stream that was used since the hand last passed is
 * spared once; one with pending events always. What an eviction writes, it writes with what the
 * next ones would.
 */
final class ResidentStreams {
    /** Of all slots, the part that an eviction looks ahead at. */
    private static final int AHEAD = 16;

    private final StreamStates states;
    private final StateSlab slab;
    private final long fingerprint;
    private final int carriedWidth;
    private final ModelChange onOtherModel;
    private final int maxDirty;
    private final WriteBack writeBack;

    private final StreamTable byStream = new StreamTable();
    private final Resident[] bySlot;
    private final ArrayDeque<Resident> changed = new ArrayDeque<>();
    // The first count of them were used and are free again.
    private final int[] free;
    private int freed;
    private int used;
    private int hand;

    ResidentStreams(
            StreamStates states,
            StateSlab slab,
            ServedModel model,
            ModelChange onOtherModel,
            int maxDirty) {
        this.states = states;
        this.slab = slab;
        this.fingerprint = model.signature().fingerprint();
        this.carriedWidth = model.signature().layout().carriedWidth();
        this.onOtherModel = onOtherModel;
        this.maxDirty = maxDirty;
        this.writeBack = new WriteBack(slab, states, fingerprint, carriedWidth);
        this.bySlot = new Resident[slab.slots()];
        this.free = new int[slab.slots()];
    }

    /**
     * Reads what the stream's look-up will read, and gives something of it. In a loop that does
     * nothing else, the processor waits for the memory of many streams at a time.
     */
    int approach(String stream) {
        Resident first = byStream.first(stream);
        return first == null ? 0 : first.stream.length() + first.slot;
    }

    /** The stream, brought into a slot where it is in none; some stream must not be pinned then. */
    Resident resident(String stream) throws IOException {
        Resident resident = byStream.find(stream);
        if (resident == null) {
            resident = bring(stream);
        }
        resident.referenced = true;
        return resident;
    }

    /** The stream if it is in a slot, else null. */
    Resident find(String stream) {
        return byStream.find(stream);
    }

    /** Gives up the slot of a stream without pending events; nothing of it is written. */
    void remove(Resident resident) {
        byStream.remove(resident);
        resident.dirty = false;
        bySlot[resident.slot] = null;
        free[freed++] = resident.slot;
    }

    private Resident bring(String stream) throws IOException {
        int slot = freed > 0 ? free[--freed] : used < bySlot.length ? used++ : evict();
        Resident resident = new Resident(stream, slot);
        StreamState state = states.read(stream);
        slab.reset(slot);
        if (state != null) {
            resident.restore(state);
            if (state.ahead().heldChunks() > 0) {
                resident.held = states.heldChunks(stream);
            }
            restore(resident, state);
        }
        bySlot[slot] = resident;
        byStream.add(resident);
        return resident;
    }

    private void restore(Resident resident, StreamState state) {
        StreamState.Vector vector = state.vector(fingerprint).orElse(null);
        if (vector == null && !state.vectors().isEmpty()) {
            vector = onOtherModel.apply(resident, state.vectors().get(0));
        }
        if (vector == null) {
            return;
        }
        if (vector.floats().length != carriedWidth) {
            throw new IllegalStateException(
                    "the state of stream %s must have %d floats as the model carries, got %d: was model.carry changed?"
                            .formatted(resident.stream, carriedWidth, vector.floats().length));
        }
        slab.write(resident.slot, vector.floats());
    }

    private int evict() throws IOException {
        while (true) {
            Resident resident = bySlot[hand];
            hand = (hand + 1) % bySlot.length;
            if (resident.pinned()) {
                continue;
            }
            if (resident.referenced) {
                resident.referenced = false;
                continue;
            }
            if (resident.dirty) {
                writeAhead(resident.slot);
            }
            byStream.remove(resident);
            return resident.slot;
        }
    }

    /** Writes the stream in a slot and, with it, those that the hand would evict next. */
    private void writeAhead(int slot) throws IOException {
        int slots = Math.max(1, Math.min(WriteBack.MOST_STREAMS, bySlot.length / AHEAD));
        for (int k = 0; k < slots; k++) {
            Resident resident = bySlot[(slot + k) % bySlot.length];
            if (!resident.pinned() && !resident.referenced) {
                writeBack.add(resident);
            }
        }
        writeBack.flush();
    }

    /** Notes that a stream's slot no longer holds what the state backend does. */
    void touch(Resident resident) {
        resident.dirty = true;
        if (!resident.queued) {
            resident.queued = true;
            changed.add(resident);
        }
    }

    /** Writes the streams that changed first, until at most {@code maxDirty} are left. */
    void trickle() throws IOException {
        writeUntil(maxDirty);
    }

    /** Writes every stream that changed. */
    void writeAll() throws IOException {
        writeUntil(0);
    }

    private void writeUntil(int left) throws IOException {
        while (changed.size() > left) {
            Resident resident = changed.poll();
            resident.queued = false;
            writeBack.add(resident);
        }
        writeBack.flush();
    }

    int size() {
        return byStream.size();
    }

    int dirty() {
        return changed.size();
    }
}
