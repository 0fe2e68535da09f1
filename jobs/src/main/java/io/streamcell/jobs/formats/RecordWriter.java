package io.streamcell.jobs.formats;

import io.streamcell.operators.Header;
import io.streamcell.operators.OutputRecord;
import io.streamcell.operators.Rejected;
import java.util.List;

/** Writes what comes out in one format. Not for use by several threads. */
public interface RecordWriter {
    /** The records that a score or a state makes together, in their order. */
    List<Payload> write(OutputRecord record);

    /** The value of a rejected record's record. */
    byte[] write(Rejected rejected);

    /**
     * A record but for its key, which is the stream.
     *
     * @param headers the event's, and the format's own
     */
    record Payload(byte[] value, List<Header> headers) {}
}
