package io.streamcell.jobs.fuzz;

import io.streamcell.models.NetworkInput;
import io.streamcell.models.NetworkSignature;
import io.streamcell.operators.InputValues;
import io.streamcell.operators.StreamEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Streams of good events, whose bits nobody else's events may change. */
final class CalmStreams {
    private static final List<String> NAMES =
            IntStream.range(0, 4).mapToObj(k -> "calm-" + k).toList();

    /** Between those of the seeds, so that rules of event time concern calm streams, too. */
    private static final long FIRST_TIME = 1_385_990_100_000L;

    private final NetworkSignature signature;
    private int sent;

    CalmStreams(NetworkSignature signature) {
        this.signature = signature;
    }

    static boolean has(String stream) {
        return NAMES.contains(stream);
    }

    static int count() {
        return NAMES.size();
    }

    /** The next event, of a stream that is not named. */
    StreamEvent next(String except) {
        String stream = NAMES.get(sent % NAMES.size());
        if (stream.equals(except)) {
            stream = NAMES.get((sent + 1) % NAMES.size());
        }
        Random random = new Random(sent);
        List<InputValues> inputs = new ArrayList<>();
        for (NetworkInput input : signature.inputs()) {
            int rows = input.shape().timed() ? 1 + sent % 3 : 1;
            int columns = input.shape().width();
            float[] values = new float[rows * columns];
            for (int k = 0; k < values.length; k++) {
                values[k] =
                        input.tokens()
                                ? random.nextInt(input.vocabulary())
                                : (float) random.nextGaussian();
            }
            inputs.add(new InputValues(input.name(), values, rows, columns));
        }
        return StreamEvent.chunk(stream, inputs).withTimes(FIRST_TIME + 1000L * sent++);
    }
}
