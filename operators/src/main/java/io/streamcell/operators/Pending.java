package io.streamcell.operators;

import io.streamcell.state.StreamState;
import java.util.List;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * An event in the bundle, how far it is computed, and what becomes of it. Owned by {@link Bundle},
 * which uses it again for another event.
 */
final class Pending {
    StreamEvent event;

    /** The model that the event is for. */
    Lane lane;

    /** The event's stream, once the bundle is computed. */
    Resident resident;

    /** What computes the chunk, once it has begun. */
    Engine engine;

    /** The record's timestamp, or {@code Long.MIN_VALUE} without one. */
    long timestamp;

    /** The stream's next event in the bundle. */
    Pending following;

    /** Whether the sequence rules were applied. */
    boolean begun;

    /** The chunk's timesteps; counted on the input that numbers a stream. */
    int timesteps;

    /** Timesteps before this one were scored by an earlier chunk. */
    int skipped;

    /** Timesteps before this one are computed or were skipped. */
    int done;

    /** Index of the first timestep that is scored. */
    long start;

    int flags;

    /** Whether the stream is reset before it. */
    boolean resets;

    /** The change of model that the stream goes through before it; 0 for none. */
    long change;

    /**
     * The part of the event's chunk behind a reset or a change of model, or a chunk that was held
     * until this one came: it follows this one, with a score of its own.
     */
    Pending rest;

    /** Whether it is such a part, which is numbered already. */
    boolean later;

    /** The chunks that were held and go before this event; each is followed by the others. */
    Pending ahead;

    /** Whether it is a chunk that was held and waits no longer. */
    boolean waited;

    /** Where the values of each output stand in its {@link BundledOutput}; kept for all events. */
    int[] outputStarts;

    /** The outputs of a long chunk that have arrays of their own; null for the others. */
    OutputValues[] longOutputs;

    /**
     * This round: the row, the timesteps before in the row, the first timestep and their number.
     */
    int row;

    int rowOffset;
    int from;
    int count;

    /** Whether it only brings a model up to its stream; it has no score. */
    boolean silent;

    /** Whether it is a chunk whose score is to be emitted. */
    boolean scored;

    /** What is emitted for an event that asked for it. */
    ExportedState exported;

    /** What is emitted before a chunk whose stream had expired. */
    ExportedState expired;

    Rejected rejected;

    /** Takes an event. */
    void set(StreamRecord<StreamEvent> record, Lane of, int eventTimesteps) {
        event = record.getValue();
        lane = of;
        timestamp = record.hasTimestamp() ? record.getTimestamp() : Long.MIN_VALUE;
        begun = false;
        timesteps = eventTimesteps;
        skipped = 0;
        done = 0;
        start = 0;
        flags = 0;
        resets = false;
        change = 0;
        later = false;
        waited = false;
        silent = false;
        scored = false;
    }

    /** Lets go of all that the event brought. */
    void clear() {
        event = null;
        lane = null;
        resident = null;
        engine = null;
        longOutputs = null;
        exported = null;
        expired = null;
        rejected = null;
        rest = null;
        ahead = null;
    }

    /** A chunk that the stream held, for its queue. */
    Pending waited(HeldChunk chunk, int eventTimesteps) {
        Pending pending = new Pending();
        pending.set(new StreamRecord<>(chunk.event(), chunk.timestamp()), lane, eventTimesteps);
        pending.resident = resident;
        pending.waited = true;
        return pending;
    }

    /**
     * A chunk of inputs that the stream had before, to be computed before this one.
     *
     * @param before on one time axis
     */
    Pending warming(List<InputValues> before) {
        Pending warming = new Pending();
        StreamEvent earlier = StreamEvent.chunk(event.stream(), before);
        warming.set(new StreamRecord<>(earlier), lane, before.get(0).rows());
        warming.resident = resident;
        warming.engine = engine;
        warming.begun = true;
        warming.later = true;
        warming.silent = true;
        warming.following = this;
        return warming;
    }

    /** Puts another one right behind this one in the stream's queue, and in what is emitted. */
    void insert(Pending behind) {
        behind.following = following;
        following = behind;
        behind.rest = rest;
        rest = behind;
        if (resident.tail == this) {
            resident.tail = behind;
        }
    }

    /**
     * Cuts a numbered chunk; the rest follows in the stream's queue.
     *
     * @param timestep that the rest begins with, counted from the chunk's first
     * @param why the stream is reset before it, as flags
     * @param newModel the change of model before it; 0 for none
     * @return the rest
     */
    Pending cut(int timestep, int why, long newModel) {
        Pending behind = new Pending();
        behind.event = event;
        behind.lane = lane;
        behind.resets = why != 0;
        behind.change = newModel;
        behind.resident = resident;
        behind.timestamp = timestamp;
        behind.later = true;
        behind.timesteps = timesteps;
        behind.skipped = timestep;
        behind.done = timestep;
        behind.start = start + timestep - skipped;
        behind.flags = why | (newModel > 0 ? StreamState.MODEL : 0);
        timesteps = timestep;
        insert(behind);
        return behind;
    }

    int remaining() {
        return timesteps - done;
    }
}
