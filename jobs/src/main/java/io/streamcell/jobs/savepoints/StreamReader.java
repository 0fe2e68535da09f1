package io.streamcell.jobs.savepoints;

import io.streamcell.jobs.savepoints.SavedStream.Origin;
import io.streamcell.operators.HeldChunk;
import io.streamcell.operators.ScoringState;
import io.streamcell.state.StreamState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.state.api.functions.KeyedStateReaderFunction;
import org.apache.flink.util.Collector;

/**
 * Reads each stream of a savepoint once for each model that knows it. Every key must give a record,
 * or Flink stops reading.
 */
final class StreamReader extends KeyedStateReaderFunction<String, SavedStream> {
    private static final long serialVersionUID = 1;

    private final List<String> models;
    private final boolean whole;
    private transient List<ValueState<StreamState>> states;
    private transient List<MapState<Long, HeldChunk>> held;
    private transient List<ValueState<float[]>> kept;

    private StreamReader(Collection<String> models, boolean whole) {
        this.models = List.copyOf(models);
        this.whole = whole;
    }

    /** Reads all that there is of each stream. */
    static StreamReader ofAll(Collection<String> models) {
        return new StreamReader(models, true);
    }

    /** Reads the states under one model, without the chunks and inputs beside them. */
    static StreamReader ofStates(String model) {
        return new StreamReader(List.of(model), false);
    }

    @Override
    public void open(OpenContext context) {
        states = new ArrayList<>();
        held = new ArrayList<>();
        kept = new ArrayList<>();
        for (String model : models) {
            states.add(getRuntimeContext().getState(ScoringState.stream(model)));
            if (whole) {
                held.add(getRuntimeContext().getMapState(ScoringState.heldChunks(model)));
                kept.add(getRuntimeContext().getState(ScoringState.keptTimesteps(model)));
            }
        }
    }

    @Override
    public void readKey(String stream, Context context, Collector<SavedStream> out)
            throws Exception {
        boolean found = false;
        for (int k = 0; k < models.size(); k++) {
            StreamState state = states.get(k).value();
            if (state != null) {
                found = true;
                out.collect(
                        new SavedStream(
                                Origin.FOUND,
                                stream,
                                models.get(k),
                                state,
                                whole ? chunks(held.get(k)) : List.of(),
                                whole ? kept.get(k).value() : null));
            }
        }
        if (!found) {
            throw new IOException(
                    "a stream that holds chunks or inputs must have a state, found none of "
                            + stream);
        }
    }

    private static List<HeldChunk> chunks(MapState<Long, HeldChunk> held) throws Exception {
        List<HeldChunk> chunks = new ArrayList<>();
        held.values().forEach(chunks::add);
        chunks.sort(Comparator.comparingLong(chunk -> chunk.event().start()));
        return chunks;
    }
}
