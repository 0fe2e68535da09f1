package io.streamcell.benchmarks.pipeline;

import io.streamcell.operators.InputValues;
import io.streamcell.operators.StreamEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A workload's events by their index, the same whenever they are made. */
final class Events {
    private static final int PATTERNS = 1024;

    private final Workload workload;
    private final String[] names;
    private final List<List<InputValues>> patterns = new ArrayList<>();

    /** Prepares names and values, so that an event costs next to nothing. */
    Events(Workload workload) {
        this.workload = workload;
        names = new String[workload.streams()];
        for (int k = 0; k < names.length; k++) {
            names[k] = "s" + k;
        }
        Random random = new Random(1);
        for (int k = 0; k < PATTERNS; k++) {
            float[] values = new float[workload.timesteps() * workload.features()];
            for (int n = 0; n < values.length; n++) {
                values[n] = Math.round(random.nextGaussian() * 10_000) / 10_000f;
            }
            patterns.add(
                    List.of(
                            new InputValues(
                                    null, values, workload.timesteps(), workload.features())));
        }
    }

    /** A chunk of the workload's timesteps. */
    StreamEvent event(long index) {
        String stream = names[workload.access().stream(index, names.length)];
        return StreamEvent.chunk(stream, patterns.get((int) (index % PATTERNS)));
    }

    /** The event as a Kafka record's value; the stream's id is its key. */
    static String json(StreamEvent event) {
        InputValues chunk = event.inputs().get(0);
        StringBuilder text = new StringBuilder("{\"values\":[");
        for (int row = 0; row < chunk.rows(); row++) {
            text.append(row == 0 ? "[" : ",[");
            for (int k = 0; k < chunk.columns(); k++) {
                text.append(k == 0 ? "" : ",").append(chunk.values()[row * chunk.columns() + k]);
            }
            text.append(']');
        }
        return text.append("]}").toString();
    }
}
