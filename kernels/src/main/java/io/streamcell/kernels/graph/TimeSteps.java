package io.streamcell.kernels.graph;

import io.streamcell.models.Resampling;
import io.streamcell.models.TimeLayer;

/** Layers that look at many timesteps of a chunk, or make some. */
final class TimeSteps {
    private TimeSteps() {}

    static Step of(TimeLayer layer, Tensor[] inputs, Tensor output) {
        Tensor input = inputs[0];
        if (layer instanceof TimeLayer.GlobalPool pool) {
            return new PoolStep(pool.pooling(), null, inputs, output);
        } else if (layer instanceof TimeLayer.WindowPool pool) {
            return new PoolStep(pool.pooling(), pool.windows(), inputs, output);
        } else if (layer instanceof TimeLayer.Timestep timestep) {
            return (rows, slab) -> {
                for (int row = 0; row < rows.count(); row++) {
                    int length = rows.length(input.shape(), row);
                    int t = timestep.index() < 0 ? length + timestep.index() : timestep.index();
                    copy(input, input.at(rows, row, t), output, output.at(rows, row));
                }
            };
        } else if (layer instanceof TimeLayer.TimeSlice slice) {
            return (rows, slab) -> slice(slice.slice(), rows, input, output);
        } else if (layer instanceof TimeLayer.Reverse) {
            return (rows, slab) -> {
                for (int row = 0; row < rows.count(); row++) {
                    int length = rows.length(input.shape(), row);
                    for (int t = 0; t < length; t++) {
                        int from = input.at(rows, row, length - 1 - t);
                        copy(input, from, output, output.at(rows, row, t));
                    }
                }
            };
        }
        TimeLayer.Unroll unroll = (TimeLayer.Unroll) layer;
        return (rows, slab) -> {
            for (int row = 0; row < rows.count(); row++) {
                for (int t = 0; t < unroll.timesteps(); t++) {
                    int from = input.at(rows, row) + (unroll.split() ? t * output.width() : 0);
                    copy(input, from, output, output.at(rows, row, t));
                }
            }
        };
    }

    private static void copy(Tensor input, int from, Tensor output, int to) {
        System.arraycopy(input.values(), from, output.values(), to, output.width());
    }

    private static void slice(Resampling.Slice slice, Rows rows, Tensor input, Tensor output) {
        for (int row = 0; row < rows.count(); row++) {
            int first = slice.first(rows.length(input.shape(), row));
            for (int t = 0; t < rows.length(output.shape(), row); t++) {
                int from = input.at(rows, row, first + t * slice.step());
                copy(input, from, output, output.at(rows, row, t));
            }
        }
    }
}
