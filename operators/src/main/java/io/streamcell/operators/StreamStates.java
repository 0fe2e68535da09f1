package io.streamcell.operators;

import io.streamcell.state.StreamState;
import java.io.IOException;
import java.util.List;
import java.util.NavigableMap;

/** Where the states of streams lie that are not resident: Flink's keyed state, seen by key. */
interface StreamStates {
    /** The stream's state, or null for a new one. */
    StreamState read(String stream) throws IOException;

    /**
     * Where the chunks that a stream holds start, and until when they wait; see {@link HeldChunks}.
     */
    NavigableMap<Long, Long> heldChunks(String stream) throws IOException;

    /** What a replay was told of the stream, or null. */
    RecordedScores recorded(String stream) throws IOException;

    /** The stream's last inputs, or null where none are kept; see {@link KeptTimesteps}. */
    float[] kept(String stream) throws IOException;

    /**
     * Replaces the stream's state.
     *
     * @param resident where the stream stands now, and its last inputs
     * @param vectors its floats; they are kept and must not change afterwards
     */
    void write(Resident resident, List<StreamState.Vector> vectors) throws IOException;
}
