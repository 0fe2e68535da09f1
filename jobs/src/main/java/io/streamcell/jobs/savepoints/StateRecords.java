package io.streamcell.jobs.savepoints;

import io.streamcell.jobs.json.JsonRecordWriter;
import io.streamcell.models.StateLayout;
import io.streamcell.operators.ExportedState;
import io.streamcell.operators.LayerStates;
import io.streamcell.operators.ServedModel;
import io.streamcell.state.StreamState;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Writes streams of a savepoint as the state records that a job makes of an export. Not for use by
 * several threads.
 */
public final class StateRecords {
    private final ServedModel model;
    private final JsonRecordWriter json = new JsonRecordWriter();

    /**
     * @param model that made the states
     */
    public StateRecords(ServedModel model) {
        this.model = model;
    }

    /** Whether the model made the stream's state, or the stream has none yet. */
    public boolean fit(SavedStream saved) {
        return vector(saved).isPresent();
    }

    private Optional<float[]> vector(SavedStream saved) {
        StateLayout layout = model.signature().layout();
        if (saved.state().vectors().isEmpty()) {
            return Optional.of(LayerStates.vector(List.of(), layout));
        }
        return saved.state()
                .vector(model.signature().fingerprint())
                .map(StreamState.Vector::floats)
                .filter(floats -> floats.length == layout.carriedWidth());
    }

    /**
     * The record, one line of JSON.
     *
     * @throws IOException if the stream's state is of another model, or none was carried
     */
    public byte[] write(SavedStream saved) throws IOException {
        float[] vector = vector(saved).orElseThrow(() -> unlike(saved));
        return json.write(
                new ExportedState(
                        saved.stream(),
                        saved.state().next(),
                        model.label(),
                        LayerStates.of(vector, model.signature().layout()),
                        0,
                        List.of()));
    }

    private IOException unlike(SavedStream saved) {
        List<String> found =
                saved.state().vectors().stream()
                        .map(v -> "%d of %016x".formatted(v.floats().length, v.fingerprint()))
                        .toList();
        return new IOException(
                "the state of stream %s must have %d floats of model %s, got %s: it was last scored by another model"
                        .formatted(
                                saved.stream(),
                                model.signature().layout().carriedWidth(),
                                model.signature().fingerprintText(),
                                found));
    }
}
