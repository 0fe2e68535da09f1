package io.streamcell.kernels;

import io.streamcell.models.NetworkInput;
import io.streamcell.models.NetworkOutput;
import io.streamcell.models.NetworkSignature;
import io.streamcell.models.Shape;
import io.streamcell.models.TimeAxis;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The rows of one kernel call: each a slot, its number of timesteps, and its inputs; after the
 * call, its outputs. Rows are ragged and packed without padding: an input with a time axis is
 * row-major {@code [sum of timesteps, width]}, one without is {@code [rows, width]}. One batch is
 * filled again and again; its arrays only grow.
 */
public final class Batch {
    private final List<NetworkInput> inputs;
    private final List<NetworkOutput> outputs;
    private final NetworkSignature signature;
    private final int axes;
    private final int[] inputWidths;
    private final int[] outputWidths;
    private final float[][] inputValues;
    private final float[][] outputValues;
    private int[] slots = new int[16];
    // starts[axis][row]: timesteps of all rows before it; the axes that layers make come last
    private final int[][] starts;
    private int rows;

    public Batch(NetworkSignature signature) {
        inputs = signature.inputs();
        outputs = signature.outputs();
        this.signature = signature;
        axes = signature.axes();
        inputWidths = inputs.stream().mapToInt(input -> input.shape().width()).toArray();
        outputWidths = outputs.stream().mapToInt(output -> output.shape().width()).toArray();
        inputValues = new float[inputs.size()][0];
        outputValues = new float[outputs.size()][0];
        starts = new int[axes + signature.madeAxes().size()][slots.length + 1];
    }

    /** Forgets all rows. */
    public void clear() {
        rows = 0;
    }

    /**
     * Adds a row; its inputs are then written into {@link #input} from {@link #inputStart}.
     *
     * @param timesteps on each axis
     * @return the row's number
     */
    public int add(int slot, int... timesteps) {
        if (timesteps.length != axes) {
            throw new IllegalArgumentException(
                    "a row must have timesteps for %d axes, got %d"
                            .formatted(axes, timesteps.length));
        }
        int row = open(slot);
        for (int axis = 0; axis < axes; axis++) {
            lengthen(row, axis, timesteps[axis]);
        }
        return close(row);
    }

    /** {@link #add(int, int...)} for a network with one time axis, without an array. */
    public int add(int slot, int timesteps) {
        if (axes != 1) {
            throw new IllegalArgumentException(
                    "a row must have timesteps for %d axes".formatted(axes));
        }
        int row = open(slot);
        lengthen(row, 0, timesteps);
        return close(row);
    }

    private int open(int slot) {
        if (rows == slots.length) {
            slots = Arrays.copyOf(slots, 2 * rows);
            for (int axis = 0; axis < starts.length; axis++) {
                starts[axis] = Arrays.copyOf(starts[axis], 2 * rows + 1);
            }
        }
        slots[rows] = slot;
        return rows;
    }

    private void lengthen(int row, int axis, int timesteps) {
        if (timesteps < 1) {
            throw new IllegalArgumentException("a row must have a timestep, got " + timesteps);
        }
        starts[axis][row + 1] = Math.addExact(starts[axis][row], timesteps);
    }

    private int close(int row) {
        for (int axis = axes; axis < starts.length; axis++) {
            TimeAxis made = signature.madeAxes().get(axis - axes);
            int source = made.source() == Shape.STATIC ? 0 : timesteps(made.source(), row);
            lengthen(row, axis, made.resampling().length(source));
        }
        rows++;
        for (int k = 0; k < inputValues.length; k++) {
            inputValues[k] = grown(inputValues[k], inputs.get(k).shape(), inputWidths[k]);
        }
        for (int k = 0; k < outputValues.length; k++) {
            outputValues[k] = grown(outputValues[k], outputs.get(k).shape(), outputWidths[k]);
        }
        return row;
    }

    private float[] grown(float[] values, Shape shape, int width) {
        int needed = Math.multiplyExact(height(shape), width);
        return values.length >= needed
                ? values
                : Arrays.copyOf(
                        values,
                        (int) Math.min(Integer.MAX_VALUE - 8, (long) needed + (needed >> 1) + 64));
    }

    /** How many rows of {@code width} floats a value of this shape has in this batch. */
    public int height(Shape shape) {
        return shape.timed() ? starts[shape.axis()][rows] : rows;
    }

    public int rows() {
        return rows;
    }

    public int slot(int row) {
        return slots[row];
    }

    public int timesteps(int axis, int row) {
        return starts[axis][row + 1] - starts[axis][row];
    }

    /**
     * Checks that each of some rows has a slot of its own.
     *
     * @param seen scratch
     * @throws IllegalArgumentException if a slot is named twice or is not in the slab
     */
    public void checkSlots(BitSet seen, int slabSlots, int from, int to) {
        seen.clear();
        for (int row = from; row < to; row++) {
            if (slots[row] < 0 || slots[row] >= slabSlots) {
                throw new IllegalArgumentException(
                        "slots must be below %d, got %d".formatted(slabSlots, slots[row]));
            }
            if (seen.get(slots[row])) {
                throw new IllegalArgumentException(
                        "a slot must be named once in a batch, got %d twice: a stream would skip its own past"
                                .formatted(slots[row]));
            }
            seen.set(slots[row]);
        }
    }

    /** Timesteps of the rows before {@code row}. */
    public int start(int axis, int row) {
        return starts[axis][row];
    }

    /** Timesteps of some rows, on all axes together. */
    int allTimesteps(int from, int to) {
        int sum = 0;
        for (int axis = 0; axis < axes; axis++) {
            sum += starts[axis][to] - starts[axis][from];
        }
        return sum;
    }

    /** The row up to which this part of the timesteps of some rows lies. */
    int rowAt(int from, int to, float part) {
        int wanted = (int) (part * allTimesteps(from, to));
        int row = from;
        while (row < to && allTimesteps(from, row) < wanted) {
            row++;
        }
        return row;
    }

    /** The slots of all rows, in an array that may be longer; for kernels, not to be modified. */
    public int[] slots() {
        return slots;
    }

    /**
     * {@code [axis][row]}: timesteps of the rows before; for kernels, not to be modified.
     *
     * @see #start
     */
    public int[][] starts() {
        return starts;
    }

    /** The values of all inputs, as {@link #input} gives each; for kernels. */
    public float[][] inputs() {
        return inputValues;
    }

    /** The values of all outputs, as {@link #output} gives each; for kernels. */
    public float[][] outputs() {
        return outputValues;
    }

    /** Takes an array for the values of an input in place of its own, until the next is given. */
    public void lend(int number, float[] values) {
        inputValues[number] = values;
    }

    /** The values of an input, all rows; written by the caller. */
    public float[] input(int number) {
        return inputValues[number];
    }

    /** Where a row's values of an input begin. */
    public int inputStart(int number, int row) {
        return place(inputs.get(number).shape(), row) * inputWidths[number];
    }

    /** The values of an output, all rows; written by the kernel. */
    public float[] output(int number) {
        return outputValues[number];
    }

    /** Where a row's values of an output begin. */
    public int outputStart(int number, int row) {
        return place(outputs.get(number).shape(), row) * outputWidths[number];
    }

    private int place(Shape shape, int row) {
        return shape.timed() ? starts[shape.axis()][row] : row;
    }
}
