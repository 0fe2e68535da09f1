package io.streamcell.jobs.formats;

import io.streamcell.operators.Incoming;
import io.streamcell.operators.Rejected;
import io.streamcell.operators.StreamEvent;
import java.util.List;
import java.util.Optional;

/**
 * What a reader makes of a state record.
 *
 * @param reset to the state; null where the record is none
 * @param givenUp whether the stream was given up with it, since it expired or its record was
 *     deleted
 * @param rejected why the record is none, or null
 */
public record StateRecord(StreamEvent reset, boolean givenUp, Rejected rejected) {
    /** The event that it is when it is sent back; a stream that was given up begins with zero. */
    public Optional<Incoming> incoming() {
        if (rejected != null) {
            return Optional.empty();
        }
        StreamEvent event = givenUp ? StreamEvent.reset(reset.stream(), List.of(), 0) : reset;
        return Optional.of(Incoming.of(event));
    }

    /** A record that takes a stream's state away. */
    static StateRecord tombstone(String stream) {
        return new StateRecord(StreamEvent.reset(stream), true, null);
    }

    static StateRecord rejected(Rejected rejected) {
        return new StateRecord(null, false, rejected);
    }
}
