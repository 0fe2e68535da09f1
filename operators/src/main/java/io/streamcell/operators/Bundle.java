package io.streamcell.operators;

import java.util.ArrayList;
import java.util.List;

/**
 * Events that wait to be computed together, in the order of arrival, and per stream in a queue of
 * its own. Holds no event across a checkpoint's barrier.
 */
final class Bundle {
    private final List<Pending> arrivals = new ArrayList<>();
    private final List<Resident> streams = new ArrayList<>();
    private long timesteps;

    /**
     * Adds an event to the end of its stream's queue.
     *
     * @param eventTimesteps that it brings
     */
    void add(Pending pending, int eventTimesteps) {
        Resident resident = pending.resident;
        if (resident.pinned()) {
            resident.tail.following = pending;
        } else {
            resident.head = pending;
            streams.add(resident);
        }
        resident.tail = pending;
        arrivals.add(pending);
        timesteps += eventTimesteps;
    }

    /** Takes a stream's first event off its queue, and gives the one after it. */
    static Pending pop(Resident resident) {
        Pending first = resident.head;
        resident.head = first.following;
        first.following = null;
        return resident.head;
    }

    boolean isEmpty() {
        return arrivals.isEmpty();
    }

    /** All events, in the order of arrival. */
    List<Pending> arrivals() {
        return arrivals;
    }

    /** The streams that have events, in the order of their first. */
    List<Resident> streams() {
        return streams;
    }

    long timesteps() {
        return timesteps;
    }

    /** Forgets all events, whose queues must be empty. */
    void clear() {
        arrivals.clear();
        streams.clear();
        timesteps = 0;
    }
}
