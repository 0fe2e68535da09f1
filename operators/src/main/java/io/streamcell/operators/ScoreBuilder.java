package io.streamcell.operators;

import io.streamcell.kernels.Batch;
import io.streamcell.models.NetworkSignature;
import io.streamcell.state.StreamState;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Makes scores and exported states of what the kernel left in the batch and the slab. The score
 * that it gives is always the same object.
 */
final class ScoreBuilder {
    private final NetworkSignature signature;
    private final String label;
    private final boolean oneAxis;
    private final BundledOutput[] bundled;
    private final OutputValues[] outputs;
    private final Score score;
    // timesteps of a chunk on each of the inputs' axes
    private final int[] given;

    /**
     * @param label what scores say of their model
     */
    ScoreBuilder(NetworkSignature signature, String label) {
        this.signature = signature;
        this.label = label;
        this.oneAxis = signature.axes() == 1;
        this.given = new int[signature.inputs().size()];
        this.bundled =
                signature.outputs().stream()
                        .map(
                                output ->
                                        new BundledOutput(
                                                output,
                                                signature.namedOutputs() ? output.name() : null))
                        .toArray(BundledOutput[]::new);
        this.outputs = new OutputValues[bundled.length];
        this.score = new Score(Collections.unmodifiableList(Arrays.asList(outputs)), label);
    }

    /** What scores say of their model. */
    String label() {
        return label;
    }

    /** Makes room for the outputs of a chunk. */
    void reserve(Pending chunk) {
        if (chunk.outputStarts == null) {
            chunk.outputStarts = new int[bundled.length];
        }
        for (int k = 0; k < bundled.length; k++) {
            int rows = rows(k, chunk);
            if (BundledOutput.isLong(rows)) {
                if (chunk.longOutputs == null) {
                    chunk.longOutputs = new OutputValues[bundled.length];
                }
                chunk.longOutputs[k] = bundled[k].alone(rows);
            } else {
                chunk.outputStarts[k] = bundled[k].reserve(rows);
            }
        }
    }

    private int rows(int output, Pending chunk) {
        if (!bundled[output].timed()) {
            return 1;
        }
        int axis = bundled[output].axis();
        if (oneAxis && axis == 0) {
            return chunk.timesteps - chunk.skipped;
        }
        for (int k = 0; k < given.length; k++) {
            int own = signature.inputs().get(k).shape().axis();
            if (own >= 0) {
                given[own] =
                        oneAxis
                                ? chunk.timesteps - chunk.skipped
                                : chunk.event.inputs().get(k).rows();
            }
        }
        return signature.timesteps(axis, given);
    }

    /** Copies what this round computed of a chunk; whether all of it is finite. */
    boolean collect(Pending chunk, Batch batch) {
        boolean finite = true;
        for (int k = 0; k < bundled.length; k++) {
            boolean pieces = oneAxis && bundled[k].axis() == 0;
            int width = bundled[k].width();
            int from = batch.outputStart(k, chunk.row) + (pieces ? chunk.rowOffset * width : 0);
            OutputValues own = chunk.longOutputs == null ? null : chunk.longOutputs[k];
            float[] target = own == null ? bundled[k].values() : own.values();
            int to =
                    (own == null ? chunk.outputStarts[k] : 0)
                            + (pieces ? (chunk.from - chunk.skipped) * width : 0);
            int count = (pieces ? chunk.count : rows(k, chunk)) * width;
            System.arraycopy(batch.output(k), from, target, to, count);
            if (pieces || chunk.remaining() == 0) {
                finite &= finite(target, to, count);
            }
        }
        return finite;
    }

    private static boolean finite(float[] values, int from, int count) {
        boolean finite = true;
        for (int k = from; k < from + count; k++) {
            finite &= Float.isFinite(values[k]);
        }
        return finite;
    }

    /** The score of a chunk that is computed, valid until the next one is asked for. */
    Score score(Pending chunk) {
        for (int k = 0; k < bundled.length; k++) {
            OutputValues own = chunk.longOutputs == null ? null : chunk.longOutputs[k];
            outputs[k] = own == null ? bundled[k].at(chunk.outputStarts[k], rows(k, chunk)) : own;
        }
        StreamEvent event = chunk.event;
        long[] times = event.times();
        if (times.length > 1 && times.length != chunk.timesteps - chunk.skipped) {
            times = Arrays.copyOfRange(times, chunk.skipped, chunk.timesteps);
        }
        score.set(event.stream(), chunk.start, times, chunk.flags, event.headers());
        return score;
    }

    /** Gives the room of all chunks back. */
    void clear() {
        for (BundledOutput output : bundled) {
            output.clear();
        }
        Arrays.fill(outputs, null);
    }

    /**
     * The state of a stream.
     *
     * @param state its flat vector, the carried part
     */
    ExportedState export(Pending pending, float[] state) {
        return state(pending.resident, pending.resident.next, state, 0, pending.event.headers());
    }

    /**
     * The last state of a stream that expired.
     *
     * @param next index of the timestep that would come after it
     * @param state its flat vector, the carried part
     */
    ExportedState expired(Resident resident, long next, float[] state) {
        return state(resident, next, state, StreamState.EXPIRED, List.of());
    }

    private ExportedState state(
            Resident resident, long next, float[] state, int flags, List<Header> headers) {
        List<LayerState> layers = LayerStates.of(state, signature.layout());
        return new ExportedState(resident.stream, next, label, layers, flags, headers);
    }
}
