package io.streamcell.jobs.savepoints;

import io.streamcell.jobs.formats.StateRecord;
import io.streamcell.models.Carry;
import io.streamcell.models.NetworkSignature;
import io.streamcell.operators.EventCheck;
import io.streamcell.operators.LayerStates;
import io.streamcell.operators.ServedModel;
import io.streamcell.operators.StreamEvent;
import io.streamcell.state.Ahead;
import io.streamcell.state.StreamState;
import java.io.Serializable;
import java.util.List;

/**
 * The model that made the states which are given.
 *
 * @param name in the job
 * @param version number of the change by which it took that name; 0 for the job's first
 */
public record GivenModel(String name, ServedModel served, long version, Carry carry)
        implements Serializable {
    private static final long serialVersionUID = 1;

    /** Who checks its state records. */
    public EventCheck check() {
        return new EventCheck(served.signature(), carry, served.precision());
    }

    /** The stream that a record gives, or gives up. */
    SavedStream stream(StateRecord record) {
        StreamEvent reset = record.reset();
        if (record.givenUp()) {
            return SavedStream.givenUp(reset.stream(), name);
        }
        NetworkSignature signature = served.signature();
        float[] floats = LayerStates.vector(reset.state(), signature.layout());
        Ahead ahead =
                new Ahead(
                        Ahead.NOTHING.resets(),
                        Ahead.NOTHING.resetTimes(),
                        0,
                        version,
                        StreamState.NO_TIME,
                        0);
        StreamState state =
                new StreamState(
                        reset.next(),
                        StreamState.NO_TIME,
                        StreamState.RESET,
                        ahead,
                        List.of(new StreamState.Vector(signature.fingerprint(), floats)));
        return SavedStream.given(reset.stream(), name, state);
    }
}
