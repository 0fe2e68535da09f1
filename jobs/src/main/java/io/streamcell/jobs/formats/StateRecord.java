package io.streamcell.jobs.formats;

import io.streamcell.operators.Rejected;
import io.streamcell.operators.StreamEvent;

/**
 * What a reader makes of a state record.
 *
 * @param reset to the state; null where the record is none
 * @param givenUp whether the stream was given up with it, since it expired or its record was
 *     deleted
 * @param rejected why the record is none, or null
 */
public record StateRecord(StreamEvent reset, boolean givenUp, Rejected rejected) {
    /** A record that takes a stream's state away. */
    static StateRecord tombstone(String stream) {
        return new StateRecord(StreamEvent.reset(stream), true, null);
    }

    static StateRecord rejected(Rejected rejected) {
        return new StateRecord(null, false, rejected);
    }
}
