package io.streamcell.operators;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Events that wait to be computed together, in the order of arrival, and per stream in a queue of
 * its own. Holds no event across a checkpoint's barrier. The places of its events are used again.
 */
final class Bundle {
    // The first count hold an event.
    private final List<Pending> places = new ArrayList<>();
    private final List<Resident> streams = new ArrayList<>();
    private int count;
    // Of no meaning; it keeps the compiler from leaving out the reads that it is made of.
    int approached;
    private long timesteps;
    private long began;

    /**
     * Notes when its first event came.
     *
     * @param nanos by {@link System#nanoTime}
     */
    void begin(long nanos) {
        began = nanos;
    }

    /** When its first event came. */
    long began() {
        return began;
    }

    /**
     * Adds an event.
     *
     * @param lane of the model that it is for
     * @return its place
     */
    Pending add(StreamRecord<StreamEvent> record, Lane lane) {
        if (count == places.size()) {
            places.add(new Pending());
        }
        Pending place = places.get(count++);
        int brought = lane.turns().timesteps(record.getValue());
        place.set(record, lane, brought);
        timesteps += brought;
        return place;
    }

    /**
     * Puts every event at the end of its stream's queue. The streams are looked up here, one right
     * after another, and approached before: by then their memory is at hand (OperatorBenchmark).
     */
    void queue() throws IOException {
        int read = 0;
        for (int k = 0; k < count; k++) {
            Pending pending = places.get(k);
            read += pending.lane.streams().approach(pending.event.stream());
        }
        approached = read;
        for (int k = 0; k < count; k++) {
            Pending pending = places.get(k);
            Resident resident = pending.lane.streams().resident(pending.event.stream());
            pending.resident = resident;
            if (resident.pinned()) {
                resident.tail.following = pending;
            } else {
                resident.head = pending;
                streams.add(resident);
            }
            resident.tail = pending;
        }
    }

    /** Takes a stream's first event off its queue, and gives the one after it. */
    static Pending pop(Resident resident) {
        Pending first = resident.head;
        resident.head = first.following;
        first.following = null;
        return resident.head;
    }

    /** How many events it holds. */
    int events() {
        return count;
    }

    /** An event, in the order of arrival. */
    Pending event(int number) {
        return places.get(number);
    }

    /** The streams that have events in their queues, in the order of their first. */
    List<Resident> streams() {
        return streams;
    }

    long timesteps() {
        return timesteps;
    }

    /** Forgets all events, whose queues must be empty. */
    void clear() {
        for (int k = 0; k < count; k++) {
            places.get(k).clear();
        }
        count = 0;
        streams.clear();
        timesteps = 0;
    }
}
