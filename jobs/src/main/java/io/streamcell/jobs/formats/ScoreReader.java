package io.streamcell.jobs.formats;

import io.streamcell.operators.Header;
import io.streamcell.operators.Score;
import java.io.IOException;
import java.util.List;

/** Reads back what a {@link RecordWriter} wrote. Not for use by several threads. */
public interface ScoreReader {
    /**
     * The score that a record is, or the part of it that it holds.
     *
     * @param key the stream's id in UTF-8, or null where the value names it
     * @return null for a state, and for a tombstone
     * @throws IOException if it is neither a score nor a state
     */
    Score read(byte[] key, byte[] value, List<Header> headers) throws IOException;

    /** Which part of a score is wanted. */
    enum Wanted {
        EVERYTHING,
        /** All but the values of its outputs, of which only the number of rows is told. */
        WITHOUT_VALUES
    }
}
