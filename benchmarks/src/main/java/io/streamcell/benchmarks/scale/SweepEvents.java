package io.streamcell.benchmarks.scale;

import io.streamcell.operators.InputValues;
import io.streamcell.operators.StreamEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A timestep for each stream in each sweep, the same whenever it is made. */
final class SweepEvents {
    static final int FEATURES = 8;

    private static final String PREFIX = "device-";
    private static final int PATTERNS = 1024;

    private final List<List<InputValues>> patterns = new ArrayList<>();

    SweepEvents() {
        Random random = new Random(1);
        for (int k = 0; k < PATTERNS; k++) {
            float[] values = new float[FEATURES];
            for (int n = 0; n < FEATURES; n++) {
                values[n] = (float) random.nextGaussian();
            }
            patterns.add(List.of(new InputValues(null, values, 1, FEATURES)));
        }
    }

    StreamEvent event(int stream, int sweep) {
        return StreamEvent.chunk(PREFIX + stream, inputs(stream, sweep));
    }

    /** What its features are. */
    float[] values(int stream, int sweep) {
        return inputs(stream, sweep).get(0).values();
    }

    private List<InputValues> inputs(int stream, int sweep) {
        return patterns.get((int) (Scores.mixed(stream, sweep) & (PATTERNS - 1)));
    }

    /** The number in a stream's name. */
    static int number(String stream) {
        return Integer.parseInt(stream, PREFIX.length(), stream.length(), 10);
    }
}
