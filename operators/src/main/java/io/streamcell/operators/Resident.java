package io.streamcell.operators;

import io.streamcell.state.Ahead;
import io.streamcell.state.StreamState;
import java.util.List;
import java.util.NavigableMap;

/** A stream at hand. Owned by {@link ResidentStreams}; its floats lie in a slot of a slab. */
final class Resident {
    static final long[] NO_RESETS = {};

    final String stream;

    /** What its state lies in, at {@link #slot}; null while it has no slot. */
    Engine engine;

    int slot;

    /** The carried part of its state while it has no slot; null for the initial state. */
    float[] floats;

    /** Number of the last change of model that it went through. */
    long modelChange;

    /** Whether anything came of it before, so that keyed state knows it or will. */
    boolean known;

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

    /** What a replay was told of it; else null. */
    RecordedScores recorded;

    /** Its last inputs; another array when it changes. Owned by {@link KeptTimesteps}. */
    float[] kept;

    /** Of its last inputs, those that the state backend holds. */
    float[] keptWritten;

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

    /** Whether the round that is being made, or computed, has a row of it. */
    boolean computing;

    Resident(String stream) {
        this.stream = stream;
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
        modelChange = ahead.modelChange();
        known = true;
    }

    /** What is kept of it, with its floats. */
    StreamState state(List<StreamState.Vector> vectors) {
        int holds = held == null ? 0 : held.size();
        Ahead ahead = new Ahead(heldResets, heldTimes, resetAllsSeen, modelChange, expiry, holds);
        return new StreamState(next, lastTime, pendingFlags, ahead, vectors);
    }

    boolean pinned() {
        return head != null;
    }

    /** Whether its slot may be given to another stream. */
    boolean evictable() {
        return head == null && !computing;
    }
}
