package io.streamcell.operators;

import io.streamcell.state.StreamState;
import java.io.IOException;

/** Where the states of streams lie that are not resident: Flink's keyed state, seen by key. */
interface StreamStates {
    /** The stream's state, or null for a new one. */
    StreamState read(String stream) throws IOException;

    /** Replaces the stream's state; the object is kept and must not change afterwards. */
    void write(String stream, StreamState state) throws IOException;
}
