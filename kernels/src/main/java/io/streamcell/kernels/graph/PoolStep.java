package io.streamcell.kernels.graph;

import io.streamcell.kernels.HostSlab;
import io.streamcell.models.Resampling;
import io.streamcell.models.TimeLayer.Pooling;
import java.util.Arrays;

/** Timesteps of a chunk in one row: all of them, or those of each window. */
final class PoolStep implements Step {
    private final Pooling pooling;
    private final Resampling.Windows windows;
    private final Tensor input;
    private final Tensor mask;
    private final Tensor output;

    /**
     * @param windows null for one that holds all timesteps
     * @param inputs the sequence, then a mask where there is one
     */
    PoolStep(Pooling pooling, Resampling.Windows windows, Tensor[] inputs, Tensor output) {
        this.pooling = pooling;
        this.windows = windows;
        this.input = inputs[0];
        this.mask = inputs.length > 1 ? inputs[1] : null;
        this.output = output;
    }

    @Override
    public void run(Rows rows, HostSlab slab) {
        for (int row = 0; row < rows.count(); row++) {
            int length = rows.length(input.shape(), row);
            if (windows == null) {
                pool(rows, row, 0, length, output.at(rows, row));
            } else {
                windows(rows, row, length);
            }
        }
    }

    /** Windows that begin before the chunk or end after it hold the timesteps that there are. */
    private void windows(Rows rows, int row, int length) {
        int count = rows.length(output.shape(), row);
        int padded = Math.max(0, (count - 1) * windows.stride() + windows.span() - length);
        for (int t = 0; t < count; t++) {
            int from = t * windows.stride() - padded / 2;
            int to = Math.min(length, from + windows.span());
            pool(rows, row, Math.max(0, from), to, output.at(rows, row, t));
        }
    }

    private void pool(Rows rows, int row, int from, int end, int to) {
        int width = input.width();
        float[] x = input.values();
        float[] y = output.values();
        Arrays.fill(y, to, to + width, pooling == Pooling.MAX ? Float.NEGATIVE_INFINITY : 0);
        int counted = 0;
        for (int t = from; t < end; t++) {
            if (mask != null && mask.values()[mask.at(rows, row, t)] == 0) {
                continue;
            }
            counted++;
            int at = input.at(rows, row, t);
            for (int k = 0; k < width; k++) {
                float value = x[at + k];
                if (pooling == Pooling.MAX) {
                    y[to + k] = value <= y[to + k] ? y[to + k] : value;
                } else {
                    y[to + k] += value;
                }
            }
        }
        for (int k = 0; k < width && pooling == Pooling.AVERAGE; k++) {
            y[to + k] /= counted;
        }
    }
}
