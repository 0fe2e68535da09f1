package io.streamcell.operators;

import io.streamcell.state.StreamState;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;

/**
 * What the watermark does to a stream: chunks that it held wait no longer, and a stream whose time
 * is over is given up.
 */
final class StreamTimers {
    /** Of the operator. */
    interface Bundles {
        /** Adds a chunk that was held. */
        void add(Lane lane, HeldChunk chunk) throws Exception;

        /** Computes and emits everything. */
        void flush() throws Exception;
    }

    private final Map<Lane, KeyedStates> states;
    private final Bundles bundles;
    private final Emitter emitter;

    /**
     * @param states of each lane, in the order of the lanes
     */
    StreamTimers(Map<Lane, KeyedStates> states, Bundles bundles, Emitter emitter) {
        this.states = states;
        this.bundles = bundles;
        this.emitter = emitter;
    }

    /** A timer of the stream rings. */
    void ring(String stream, long time) throws Exception {
        for (Lane lane : states.keySet()) {
            release(lane, stream, time);
            if (states.get(lane).expiry().applies()) {
                bundles.flush();
                lookAfter(lane, stream, time);
            }
        }
    }

    /** Lets the chunks go that a stream holds and that wait no longer than up to a time. */
    void release(Lane lane, String stream, long time) throws Exception {
        Resident resident = lane.streams().find(stream);
        if (resident == null) {
            StreamState state = states.get(lane).read(stream);
            if (state == null || state.ahead().heldChunks() == 0) {
                return;
            }
            resident = lane.streams().resident(stream);
        }
        long passed = time == Long.MAX_VALUE ? time : time + 1;
        for (HeldChunk over : states.get(lane).heldChunks().overdue(resident, passed)) {
            bundles.add(lane, over);
        }
    }

    /** Gives a stream up whose time is over, or sets its next timer. */
    private void lookAfter(Lane lane, String stream, long now) throws IOException {
        KeyedStates keyed = states.get(lane);
        Resident resident = lane.streams().find(stream);
        StreamState state = resident == null ? keyed.read(stream) : null;
        if (resident == null && state == null) {
            return;
        }
        long last = resident == null ? state.lastTime() : resident.lastTime;
        if (last == StreamState.NO_TIME) {
            return;
        }
        long end = keyed.expiry().end(last);
        if (resident != null && resident.held != null) {
            end = Math.max(end, Collections.max(resident.held.values()));
        }
        if (end <= now) {
            giveUp(lane, lane.streams().resident(stream), now);
        } else if (resident == null) {
            keyed.write(stream, state, end);
        } else {
            keyed.expiry().set(resident, end);
            lane.streams().touch(resident);
        }
    }

    private void giveUp(Lane lane, Resident resident, long now) throws IOException {
        emitter.emit(lane.turns().expired(resident), now);
        lane.streams().remove(resident);
        states.get(lane).clear(resident.stream);
    }
}
