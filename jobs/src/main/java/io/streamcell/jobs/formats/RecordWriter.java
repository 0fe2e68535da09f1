package io.streamcell.jobs.formats;

import io.streamcell.operators.Header;
import io.streamcell.operators.OutputRecord;
import java.util.List;

/** Writes scores and states in one format. Not for use by several threads. */
public interface RecordWriter {
    /** The records that a score or a state makes together, in their order. */
    List<Payload> write(OutputRecord record);

    /**
     * A record but for its key, which is the stream.
     *
     * @param headers the event's, and the format's own
     */
    record Payload(byte[] value, List<Header> headers) {}
}
