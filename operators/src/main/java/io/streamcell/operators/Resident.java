package io.streamcell.operators;

import io.streamcell.state.Ahead;
import io.streamcell.state.StreamState;
import java.util.List;
import java.util.NavigableMap;

/**
 * A stream whose state lies in a slot of the slab. Owned by {@link ResidentStreams}; its floats are
 * the slab's.
 */
final class Resident {
    static final long[] NO_RESETS = {};

    final String stream;
    final int slot;
    long next;
    long lastTime = StreamState.NO_TIME;
    int pendingFlags;

    /** Timesteps to come before which it is reset, ascending; another array when it changes. */
    long[] heldResets = NO_RESETS;

    /** Event times from which on it is reset, ascending; another array when it changes. */
    long[] heldTimes = NO_RESETS;

    /** How many of {@link ResetAlls} it took over. */
    long resetAllsSeen;

    /** Event time of its timer, which looks whether it expired; {@code NO_TIME} without one. */
    long expiry = StreamState.NO_TIME;

    /**
     * Where the chunks that it holds start, and until when they wait; null without any. Owned by
     * {@link HeldChunks}.
     */
    NavigableMap<Long, Long> held;

    /** Whether the slot holds what the state backend does not. */
    boolean dirty;

    /** Whether the write queue names it. */
    boolean queued;

    /** Whether it was used since the clock's hand last passed. */
    boolean referenced;

    /** Its events in the bundle, oldest first; a stream with one is pinned in its slot. */
    Pending head;

    Pending tail;

    Resident(String stream, int slot) {
        this.stream = stream;
        this.slot = slot;
    }

    /** Takes over where the stream stands; its floats go to the slab. */
    void restore(StreamState state) {
        next = state.next();
        lastTime = state.lastTime();
        pendingFlags = state.pendingFlags();
        Ahead ahead = state.ahead();
        heldResets = ahead.resets();
        heldTimes = ahead.resetTimes();
        resetAllsSeen = ahead.resetAllsSeen();
        expiry = ahead.expiry();
    }

    /** What is kept of it, with its floats. */
    StreamState state(List<StreamState.Vector> vectors) {
        Ahead ahead =
                new Ahead(
                        heldResets,
                        heldTimes,
                        resetAllsSeen,
                        0,
                        expiry,
                        held == null ? 0 : held.size());
        return new StreamState(next, lastTime, pendingFlags, ahead, vectors);
    }

    boolean pinned() {
        return head != null;
    }
}
