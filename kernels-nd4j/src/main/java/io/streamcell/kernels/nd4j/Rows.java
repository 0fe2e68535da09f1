package io.streamcell.kernels.nd4j;

import io.streamcell.kernels.Batch;
import io.streamcell.models.Shape;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Some rows of a batch: their values between the Java heap and ND4J. */
final class Rows {
    private final Batch batch;
    private final int from;
    private final int count;
    private final TimeMajor[] orders;

    Rows(Batch batch, int axes, int from, int to) {
        this.batch = batch;
        this.from = from;
        this.count = to - from;
        this.orders = new TimeMajor[axes];
        for (int axis = 0; axis < axes; axis++) {
            orders[axis] = TimeMajor.of(batch, axis, from, to);
        }
    }

    int count() {
        return count;
    }

    /** The order of the timesteps of an axis. */
    TimeMajor order(int axis) {
        return orders[axis];
    }

    int slot(int row) {
        return batch.slot(from + row);
    }

    int timesteps(int axis, int row) {
        return batch.timesteps(axis, from + row);
    }

    /** An input of the batch, in a new array. */
    INDArray input(int number, Shape shape) {
        int width = shape.width();
        float[] values = new float[height(shape) * width];
        for (int row = 0; row < count; row++) {
            int start = batch.inputStart(number, from + row);
            for (int t = 0; t < timesteps(shape, row); t++) {
                System.arraycopy(
                        batch.input(number),
                        start + t * width,
                        values,
                        at(shape, row, t) * width,
                        width);
            }
        }
        return array(values, width);
    }

    /** Writes an output of the batch; a NaN of any payload as 7fc00000. */
    void output(int number, Shape shape, INDArray array) {
        int width = shape.width();
        float[] values = values(array);
        for (int row = 0; row < count; row++) {
            int start = batch.outputStart(number, from + row);
            for (int t = 0; t < timesteps(shape, row); t++) {
                canonical(
                        values,
                        at(shape, row, t) * width,
                        batch.output(number),
                        start + t * width,
                        width);
            }
        }
    }

    static void canonical(float[] values, int at, float[] to, int toAt, int count) {
        for (int k = 0; k < count; k++) {
            to[toAt + k] = Float.isNaN(values[at + k]) ? Float.NaN : values[at + k];
        }
    }

    private int height(Shape shape) {
        return shape.timed() ? orders[shape.axis()].total() : count;
    }

    private int timesteps(Shape shape, int row) {
        return shape.timed() ? timesteps(shape.axis(), row) : 1;
    }

    private int at(Shape shape, int row, int t) {
        return shape.timed() ? orders[shape.axis()].at(row, t) : row;
    }

    /** A new array {@code [values/width, width]}, row-major. */
    static INDArray array(float[] values, int width) {
        return Nd4j.create(values, new long[] {values.length / width, width}, 'c');
    }

    /** A new array {@code [rows, width]}, row-major, to be written. */
    static INDArray blank(int rows, int width) {
        return Nd4j.createUninitialized(DataType.FLOAT, new long[] {rows, width}, 'c');
    }

    /** The values, row-major. */
    static float[] values(INDArray array) {
        return array.dup('c').data().asFloat();
    }

    /** Some rows of a matrix, not a copy. */
    static INDArray part(INDArray matrix, int from, int to) {
        return from == 0 && to == matrix.rows()
                ? matrix
                : matrix.get(NDArrayIndex.interval(from, to), NDArrayIndex.all());
    }

    /** Some columns of a matrix, not a copy. */
    static INDArray columns(INDArray matrix, int from, int to) {
        return from == 0 && to == matrix.columns()
                ? matrix
                : matrix.get(NDArrayIndex.all(), NDArrayIndex.interval(from, to));
    }
}
