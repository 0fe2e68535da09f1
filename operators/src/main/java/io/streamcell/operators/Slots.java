package io.streamcell.operators;

import io.streamcell.kernels.StateSlab;
import java.io.IOException;
import java.util.ArrayDeque;
import org.apache.flink.metrics.Counter;

/**
 * The slots of a slab as a write-back cache over keyed state. A stream is written when it is
 * evicted, when more than {@code maxDirty} have changed, or when a checkpoint is taken. Eviction is
 * by CLOCK (Corbato 1968): a stream that was used since the hand last passed is spared once; one
 * with pending events, or a row in a batch, always. What an eviction writes, it writes with what
 * the next ones would.
 */
final class Slots {
    /** Of all slots, the part that an eviction looks ahead at. */
    private static final int AHEAD = 16;

    private final StateSlab slab;
    private final StreamTable streams;
    private final WriteBack writeBack;
    private final int maxDirty;
    private final Counter evictions;
    private final int carriedWidth;

    private final Resident[] bySlot;
    // The first count of them were used and are free again.
    private final int[] free;
    private int freed;
    private final ArrayDeque<Resident> changed = new ArrayDeque<>();
    private int used;
    private int hand;

    /**
     * @param model whose states they hold
     * @param streams where an evicted one is taken out of
     * @param evictions counts those
     */
    Slots(
            StateSlab slab,
            ServedModel model,
            StreamTable streams,
            StreamStates states,
            int maxDirty,
            Counter evictions) {
        this.slab = slab;
        this.streams = streams;
        this.maxDirty = maxDirty;
        this.evictions = evictions;
        this.carriedWidth = model.signature().layout().carriedWidth();
        this.writeBack = new WriteBack(slab, states, model.signature().fingerprint(), carriedWidth);
        this.bySlot = new Resident[slab.slots()];
        this.free = new int[slab.slots()];
    }

    /**
     * Gives a stream a slot; of those that have one, some must be evictable then.
     *
     * @param state {@code [carriedWidth]}, or null for the initial state
     */
    void take(Resident resident, float[] state) throws IOException {
        if (state != null && state.length != carriedWidth) {
            throw new IllegalStateException(
                    "the state of stream %s must have %d floats as the model carries, got %d: was model.carry changed?"
                            .formatted(resident.stream, carriedWidth, state.length));
        }
        int slot = freed > 0 ? free[--freed] : used < bySlot.length ? used++ : evict();
        bySlot[slot] = resident;
        resident.slot = slot;
        slab.reset(slot);
        if (state != null) {
            slab.write(slot, state);
        }
    }

    /** Takes a stream's slot away; nothing of it is written. */
    void release(Resident resident) {
        bySlot[resident.slot] = null;
        free[freed++] = resident.slot;
        resident.queued = false;
    }

    private int evict() throws IOException {
        while (true) {
            Resident resident = bySlot[hand];
            hand = (hand + 1) % bySlot.length;
            if (!resident.evictable()) {
                continue;
            }
            if (resident.referenced) {
                resident.referenced = false;
                continue;
            }
            if (resident.dirty) {
                writeAhead(resident.slot);
            }
            streams.remove(resident);
            evictions.inc();
            return resident.slot;
        }
    }

    /** Writes the stream in a slot and, with it, those that the hand would evict next. */
    private void writeAhead(int slot) throws IOException {
        int slots = Math.max(1, Math.min(WriteBack.MOST_STREAMS, bySlot.length / AHEAD));
        for (int k = 0; k < slots; k++) {
            Resident resident = bySlot[(slot + k) % bySlot.length];
            if (resident.evictable() && !resident.referenced) {
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
            // One that left its slot since then is not this slab's any more.
            if (bySlot[resident.slot] == resident) {
                resident.queued = false;
                writeBack.add(resident);
            }
        }
        writeBack.flush();
    }

    /** Writes every stream that changed, and takes all out. */
    void empty() throws IOException {
        writeAll();
        for (int slot = 0; slot < used; slot++) {
            if (bySlot[slot] != null) {
                streams.remove(bySlot[slot]);
                bySlot[slot] = null;
            }
        }
        freed = 0;
        used = 0;
        hand = 0;
    }

    /** How many have changed, and some that left since. */
    int dirty() {
        return changed.size();
    }
}
