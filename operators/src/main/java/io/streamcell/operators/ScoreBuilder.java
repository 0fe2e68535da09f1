package io.streamcell.operators;

import io.streamcell.kernels.Batch;
import io.streamcell.models.NetworkOutput;
import io.streamcell.models.NetworkSignature;
import io.streamcell.models.StateLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Makes scores and exported states of what the kernel left in the batch and the slab. */
final class ScoreBuilder {
    private final NetworkSignature signature;
    private final String label;

    ScoreBuilder(NetworkSignature signature, String label) {
        this.signature = signature;
        this.label = label;
    }

    /** Arrays for all outputs of a chunk. */
    float[][] outputs(Pending chunk) {
        float[][] outputs = new float[signature.outputs().size()][];
        for (int k = 0; k < outputs.length; k++) {
            outputs[k] = new float[rows(k, chunk) * width(k)];
        }
        return outputs;
    }

    private int rows(int output, Pending chunk) {
        int axis = signature.outputs().get(output).shape().axis();
        if (axis < 0) {
            return 1;
        }
        if (signature.axes() == 1) {
            return chunk.timesteps - chunk.skipped;
        }
        for (int k = 0; k < signature.inputs().size(); k++) {
            if (signature.inputs().get(k).shape().axis() == axis) {
                return chunk.event.inputs().get(k).rows();
            }
        }
        throw new IllegalStateException("an output's time axis must be an input's, got " + axis);
    }

    private int width(int output) {
        return signature.outputs().get(output).shape().width();
    }

    /** Copies what this round computed of a chunk; whether all of it is finite. */
    boolean collect(Pending chunk, Batch batch) {
        boolean finite = true;
        for (int k = 0; k < chunk.outputs.length; k++) {
            boolean pieces = signature.axes() == 1 && signature.outputs().get(k).shape().timed();
            int width = width(k);
            int from = batch.outputStart(k, chunk.row) + (pieces ? chunk.rowOffset * width : 0);
            int to = pieces ? (chunk.from - chunk.skipped) * width : 0;
            int count = pieces ? chunk.count * width : chunk.outputs[k].length;
            System.arraycopy(batch.output(k), from, chunk.outputs[k], to, count);
            if (pieces || chunk.remaining() == 0) {
                finite &= finite(chunk.outputs[k], to, count);
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

    Score score(Pending chunk) {
        List<OutputValues> outputs = new ArrayList<>(chunk.outputs.length);
        for (int k = 0; k < chunk.outputs.length; k++) {
            NetworkOutput output = signature.outputs().get(k);
            outputs.add(
                    new OutputValues(
                            signature.namedOutputs() ? output.name() : null,
                            chunk.outputs[k],
                            rows(k, chunk),
                            output.shape().timed(),
                            output.shape().dims()));
        }
        long[] times = chunk.event.times();
        if (chunk.skipped > 0 && times.length > 1) {
            times = Arrays.copyOfRange(times, chunk.skipped, times.length);
        }
        return new Score(
                chunk.resident.stream,
                chunk.start,
                times,
                outputs,
                label,
                chunk.flags,
                chunk.event.headers());
    }

    /**
     * The state of a stream.
     *
     * @param state its flat vector, the carried part
     */
    ExportedState export(Pending pending, float[] state) {
        List<LayerState> layers = new ArrayList<>();
        for (StateLayout.Part part : signature.layout().parts()) {
            if (part.carried()) {
                List<float[]> tensors = new ArrayList<>();
                int at = part.offset();
                for (int size : part.sizes()) {
                    tensors.add(Arrays.copyOfRange(state, at, at + size));
                    at += size;
                }
                layers.add(new LayerState(part.layer(), tensors));
            }
        }
        return new ExportedState(
                pending.resident.stream,
                pending.resident.next,
                label,
                layers,
                pending.event.headers());
    }
}
