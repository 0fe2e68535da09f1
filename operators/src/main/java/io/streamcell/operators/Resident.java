package io.streamcell.operators;

import io.streamcell.state.StreamState;

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

    boolean pinned() {
        return head != null;
    }
}
