package io.streamcell.kernels.vector;

import io.streamcell.kernels.Batch;
import io.streamcell.models.Network;
import io.streamcell.models.Shape;
import java.util.List;

/**
 * The values between a network's layers during one call: those with a time axis packed as {@link
 * PackedRows} says, those without in the batch's order. The arrays only grow.
 */
final class Tensors {
    private final List<Shape> shapes;
    private final PackedRows[] axes;
    private final float[][] values;
    private int rows;

    Tensors(Network network) {
        shapes = network.tensors();
        values = new float[shapes.size()][0];
        int most = shapes.stream().mapToInt(Shape::axis).max().orElse(0);
        axes = new PackedRows[most + 1];
        for (int axis = 0; axis < axes.length; axis++) {
            axes[axis] = new PackedRows(axis);
        }
    }

    /** Lays a batch out. */
    void begin(Batch batch) {
        rows = batch.rows();
        for (PackedRows axis : axes) {
            axis.pack(batch);
        }
    }

    Shape shape(int tensor) {
        return shapes.get(tensor);
    }

    PackedRows axis(int tensor) {
        return axes[shapes.get(tensor).axis()];
    }

    /** Rows of a tensor: timesteps, or rows of the batch. */
    int height(int tensor) {
        return shapes.get(tensor).timed() ? axis(tensor).height() : rows;
    }

    /** A tensor's array, large enough; {@code [height, width]}. */
    float[] values(int tensor) {
        int needed = height(tensor) * shapes.get(tensor).width();
        if (values[tensor].length < needed) {
            values[tensor] = new float[needed + needed / 2];
        }
        return values[tensor];
    }

    /** Copies an input of the batch. */
    void read(Batch batch, int input) {
        float[] from = batch.input(input);
        float[] to = values(input);
        int width = shapes.get(input).width();
        if (!shapes.get(input).timed() || axis(input).asInBatch()) {
            System.arraycopy(from, 0, to, 0, height(input) * width);
            return;
        }
        PackedRows axis = axis(input);
        for (int rank = 0; rank < axis.rows(); rank++) {
            int row = axis.row(rank);
            int at = batch.inputStart(input, row);
            int steps = batch.timesteps(shapes.get(input).axis(), row);
            for (int t = 0; t < steps; t++) {
                System.arraycopy(from, at + t * width, to, (axis.base(t) + rank) * width, width);
            }
        }
    }

    /** Copies a tensor to an output of the batch, NaNs made canonical. */
    void write(Batch batch, int tensor, int output) {
        float[] from = values[tensor];
        float[] to = batch.output(output);
        int width = shapes.get(tensor).width();
        if (!shapes.get(tensor).timed() || axis(tensor).asInBatch()) {
            canonical(from, 0, to, 0, height(tensor) * width);
            return;
        }
        PackedRows axis = axis(tensor);
        for (int rank = 0; rank < axis.rows(); rank++) {
            int row = axis.row(rank);
            int at = batch.outputStart(output, row);
            int steps = batch.timesteps(shapes.get(tensor).axis(), row);
            for (int t = 0; t < steps; t++) {
                canonical(from, (axis.base(t) + rank) * width, to, at + t * width, width);
            }
        }
    }

    static void canonical(float[] from, int at, float[] to, int target, int count) {
        for (int k = 0; k < count; k++) {
            float value = from[at + k];
            to[target + k] = Float.isNaN(value) ? Float.NaN : value;
        }
    }
}
