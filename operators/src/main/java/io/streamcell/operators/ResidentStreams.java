package io.streamcell.operators;

import io.streamcell.state.StreamState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The streams of a model that are at hand. A stream is read when it first appears, and given a slot
 * of the model's slab; where the model changes, it gets one when it is known which of its versions
 * is to score it, and is dropped again after the bundle if it needs none.
 */
final class ResidentStreams {
    private final StreamStates states;
    private final StreamTable table;
    private final ModelVersions versions;
    private final List<Resident> withoutSlot = new ArrayList<>();

    ResidentStreams(StreamStates states, StreamTable table, ModelVersions versions) {
        this.states = states;
        this.table = table;
        this.versions = versions;
    }

    /**
     * Reads what the stream's look-up will read, and gives something of it. In a loop that does
     * nothing else, the processor waits for the memory of many streams at a time.
     */
    int approach(String stream) {
        Resident first = table.first(stream);
        return first == null ? 0 : first.stream.length() + first.slot;
    }

    /** The stream, read where it is not at hand. */
    Resident resident(String stream) throws IOException {
        Resident resident = table.find(stream);
        if (resident == null) {
            resident = bring(stream);
        }
        resident.referenced = true;
        return resident;
    }

    /** The stream if it is at hand, else null. */
    Resident find(String stream) {
        return table.find(stream);
    }

    private Resident bring(String stream) throws IOException {
        Resident resident = new Resident(stream);
        StreamState state = states.read(stream);
        resident.recorded = states.recorded(stream);
        if (state != null) {
            resident.restore(state);
            resident.floats = floats(resident, state);
            resident.kept = states.kept(stream);
            resident.keptWritten = resident.kept;
            if (state.ahead().heldChunks() > 0) {
                resident.held = states.heldChunks(stream);
            }
        }
        if (versions.change()) {
            withoutSlot.add(resident);
        } else {
            place(resident);
        }
        table.add(resident);
        return resident;
    }

    private float[] floats(Resident resident, StreamState state) {
        if (state.vectors().isEmpty()) {
            return null;
        }
        long fingerprint = versions.reference(resident.modelChange).fingerprint();
        return state.vector(fingerprint)
                .map(StreamState.Vector::floats)
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "the state of stream %s must be of model %016x, got one of %016x"
                                                .formatted(
                                                        resident.stream,
                                                        fingerprint,
                                                        state.vectors().get(0).fingerprint())));
    }

    /** Gives a stream a slot of the version that it was last scored by, unless it has one. */
    Engine place(Resident resident) throws IOException {
        if (resident.engine == null) {
            move(resident, versions.engine(resident.modelChange), resident.floats);
        }
        return resident.engine;
    }

    /** Gives a stream a slot of another version. */
    void move(Resident resident, Engine engine, float[] state) throws IOException {
        if (resident.engine != null) {
            resident.engine.slots().release(resident);
        }
        engine.slots().take(resident, state);
        resident.engine = engine;
        resident.floats = null;
        if (resident.dirty) {
            engine.slots().touch(resident);
        }
    }

    /**
     * The carried part of a stream's state; null where it is initial and nothing is known of it.
     */
    float[] state(Resident resident) {
        if (resident.engine == null) {
            return resident.floats;
        }
        float[] state = new float[resident.engine.signature().layout().carriedWidth()];
        resident.engine.slab().read(resident.slot, state);
        return state;
    }

    /**
     * Gives a stream another state.
     *
     * @param state the carried part, or null for the initial state
     */
    void assign(Resident resident, float[] state) {
        if (resident.engine == null) {
            resident.floats = state;
        } else {
            resident.engine.slab().reset(resident.slot);
            if (state != null) {
                resident.engine.slab().write(resident.slot, state);
            }
        }
        touch(resident);
    }

    /** Notes that a stream is no longer what the state backend holds. */
    void touch(Resident resident) {
        if (resident.engine == null) {
            resident.dirty = true;
        } else {
            resident.engine.slots().touch(resident);
        }
    }

    /** Takes out a stream without pending events; nothing of it is written. */
    void remove(Resident resident) {
        table.remove(resident);
        resident.dirty = false;
        if (resident.engine == null) {
            withoutSlot.remove(resident);
        } else {
            resident.engine.slots().release(resident);
        }
    }

    /** Takes out the streams that a bundle brought and that needed no slot. */
    void settle() throws IOException {
        for (Resident resident : withoutSlot) {
            if (resident.engine == null) {
                write(resident);
                table.remove(resident);
            }
        }
        withoutSlot.clear();
    }

    private void write(Resident resident) throws IOException {
        if (resident.dirty) {
            long fingerprint = versions.reference(resident.modelChange).fingerprint();
            states.write(
                    resident,
                    resident.floats == null
                            ? List.of()
                            : List.of(new StreamState.Vector(fingerprint, resident.floats)));
        }
    }

    /** Writes the streams that changed first, until few enough are left. */
    void trickle() throws IOException {
        for (Engine engine : versions.engines()) {
            engine.slots().trickle();
        }
    }

    /** Writes every stream that changed. */
    void writeAll() throws IOException {
        for (Engine engine : versions.engines()) {
            engine.slots().writeAll();
        }
    }

    int size() {
        return table.size();
    }

    int dirty() {
        return versions.engines().stream().mapToInt(engine -> engine.slots().dirty()).sum();
    }
}
