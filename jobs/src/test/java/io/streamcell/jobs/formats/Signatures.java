package io.streamcell.jobs.formats;

import io.streamcell.models.Carry;
import io.streamcell.models.NetworkInput;
import io.streamcell.models.NetworkOutput;
import io.streamcell.models.NetworkSignature;
import io.streamcell.models.Shape;
import io.streamcell.models.StateLayout;
import io.streamcell.operators.EventCheck;
import java.util.List;
import java.util.Map;

/** Networks without weights, to check events against. */
public final class Signatures {
    public static final long FINGERPRINT = 0x3f9c2a5e7b1d0c44L;

    private Signatures() {}

    /** An LSTM(2) over rows of so many features. */
    public static EventCheck lstm(int features) {
        return check(List.of(new NetworkInput("x", Shape.timed(0, features), 0)));
    }

    /** A network with an input of two features per timestep and one of three per chunk. */
    public static EventCheck twoInputs() {
        return check(
                List.of(
                        new NetworkInput("engine", Shape.timed(0, 2), 0),
                        new NetworkInput("site", Shape.perChunk(3), 0)));
    }

    private static EventCheck check(List<NetworkInput> inputs) {
        StateLayout.Part lstm = new StateLayout.Part("lstm", 0, List.of(2, 2), true);
        NetworkSignature signature =
                new NetworkSignature(
                        FINGERPRINT,
                        inputs,
                        List.of(new NetworkOutput("y", Shape.timed(0, 1))),
                        1,
                        List.of(),
                        List.of(),
                        0,
                        false,
                        false,
                        new StateLayout(List.of(lstm), 4, 4, Map.of("lstm", 0), new float[0]));
        return new EventCheck(signature, Carry.ALWAYS, "exact");
    }
}
