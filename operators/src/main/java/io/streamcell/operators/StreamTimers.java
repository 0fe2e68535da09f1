package io.streamcell.operators;

import io.streamcell.state.StreamState;
import java.io.IOException;
import java.util.Collections;
import java.util.List;

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

    private final List<Lane> lanes;
    private final Bundles bundles;
    private final Emitter emitter;

    StreamTimers(List<Lane> lanes, Bundles bundles, Emitter emitter) {
        this.lanes = lanes;
        this.bundles = bundles;
        this.emitter = emitter;
    }

    /** A timer of the stream rings. */
    void ring(String stream, long time) throws Exception {
        for (Lane lane : lanes) {
            release(lane, stream, time);
            if (lane.states().expiry().applies()) {
                bundles.flush();
                lookAfter(lane, stream, time);
            }
        }
    }

    /** Lets the chunks go that a stream holds and that wait no longer than up to a time. */
    void release(Lane lane, String stream, long time) throws Exception {
        Resident resident = lane.streams().find(stream);
        if (resident == null) {
            StreamState state = lane.states().read(stream);
            if (state == null || state.ahead().heldChunks() == 0) {
                return;
            }
            resident = lane.streams().resident(stream);
        }
        long passed = time == Long.MAX_VALUE ? time : time + 1;
        for (HeldChunk over : lane.states().heldChunks().overdue(resident, passed)) {
            bundles.add(lane, over);
        }
    }

    /** Gives a stream up whose time is over, or sets its next timer. */
    private void lookAfter(Lane lane, String stream, long now) throws IOException {
        KeyedStates states = lane.states();
        Resident resident = lane.streams().find(stream);
        StreamState state = resident == null ? states.read(stream) : null;
        if (resident == null && state == null) {
            return;
        }
        long last = resident == null ? state.lastTime() : resident.lastTime;
        if (last == StreamState.NO_TIME) {
            return;
        }
        long end = states.expiry().end(last);
        if (resident != null && resident.held != null) {
            end = Math.max(end, Collections.max(resident.held.values()));
        }
        if (end <= now) {
            giveUp(lane, lane.streams().resident(stream), now);
        } else if (resident == null) {
            states.write(stream, state, end);
        } else {
            states.expiry().set(resident, end);
            lane.streams().touch(resident);
        }
    }

    private void giveUp(Lane lane, Resident resident, long now) throws IOException {
        emitter.emit(lane.turns().expired(resident), now);
        lane.streams().remove(resident);
        lane.states().clear(resident.stream);
    }
}
