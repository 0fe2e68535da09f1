package io.streamcell.operators;

import io.streamcell.models.NetworkInput;
import io.streamcell.models.NetworkSignature;
import java.util.ArrayList;
import java.util.List;

/**
 * The last inputs of each stream since it was reset, at most {@code sequence.kept-timesteps} of
 * them: what a model that takes over by {@code warm} is given before its first timestep.
 */
final class KeptTimesteps {
    private final int most;
    private final List<NetworkInput> inputs;
    private final int width;

    KeptTimesteps(ScoringOptions options, NetworkSignature signature) {
        this.most = options.value(ScoringOptions.KEPT_TIMESTEPS);
        this.inputs = signature.inputs();
        this.width = inputs.stream().mapToInt(input -> input.shape().width()).sum();
    }

    /**
     * Whether a network can be warmed: every input has the one time axis, chunks may be cut, and
     * all layers that have a state carry it.
     */
    static boolean canWarm(NetworkSignature signature) {
        return signature.axes() == 1
                && signature.chunksMayBeCut()
                && !signature.layout().restartsEveryChunk()
                && signature.inputs().stream().allMatch(input -> input.shape().timed());
    }

    /** Adds the timesteps of a chunk, or of a part of it, that its stream goes through now. */
    void add(Pending chunk) {
        if (most == 0) {
            return;
        }
        Resident resident = chunk.resident;
        int count = chunk.timesteps - chunk.skipped;
        int added = Math.min(count, most);
        int before = Math.min(rows(resident), most - added);
        float[] kept = new float[(before + added) * width];
        if (before > 0) {
            int from = resident.kept.length - before * width;
            System.arraycopy(resident.kept, from, kept, 0, before * width);
        }
        for (int k = 0; k < added; k++) {
            copyRow(chunk, chunk.timesteps - added + k, kept, (before + k) * width);
        }
        resident.kept = kept;
    }

    private void copyRow(Pending chunk, int timestep, float[] kept, int to) {
        int at = to;
        for (InputValues values : chunk.event.inputs()) {
            int columns = values.columns();
            System.arraycopy(values.values(), timestep * columns, kept, at, columns);
            at += columns;
        }
    }

    private int rows(Resident resident) {
        return resident.kept == null ? 0 : resident.kept.length / width;
    }

    /** The timesteps that are kept of a stream, as the inputs of a chunk; none without any. */
    List<InputValues> of(Resident resident) {
        int rows = Math.min(most, rows(resident));
        if (rows == 0) {
            return List.of();
        }
        int first = resident.kept.length - rows * width;
        List<InputValues> chunk = new ArrayList<>();
        int offset = 0;
        for (NetworkInput input : inputs) {
            int columns = input.shape().width();
            float[] values = new float[rows * columns];
            for (int row = 0; row < rows; row++) {
                int from = first + row * width + offset;
                System.arraycopy(resident.kept, from, values, row * columns, columns);
            }
            chunk.add(new InputValues(input.name(), values, rows, columns));
            offset += columns;
        }
        return chunk;
    }
}
