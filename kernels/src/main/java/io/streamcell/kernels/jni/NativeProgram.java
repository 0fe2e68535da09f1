package io.streamcell.kernels.jni;

import java.nio.FloatBuffer;

/**
 * The native methods, in {@code jni.c}. A program is the address of a network that was built layer
 * by layer; whoever made it frees it. Those that give a boolean say false where memory is out.
 */
final class NativeProgram {
    /** What {@link #advance} gives. */
    static final int DONE = 0;

    static final int OUT_OF_MEMORY = 1;
    static final int NO_PAGE = 2;
    static final int BAD_TOKEN = 3;

    /** Kinds of cells. */
    static final int LSTM = 0;

    static final int GRU = 1;
    static final int GRU_RESET_BEFORE = 2;
    static final int SIMPLE_RNN = 3;

    private NativeProgram() {}

    /** The ordinal of the best {@link InstructionSet} of this processor. */
    static native int level();

    /**
     * A program of tensors, the inputs first.
     *
     * @param axes how many time axes there are
     * @param axis of each tensor, -1 for a static one
     * @param groups of each tensor, times {@code features} floats a row
     * @return its address, or 0 where memory is out
     */
    static native long create(int level, int axes, int[] axis, int[] groups, int[] features);

    static native void free(long program);

    /** Says which tensors are the outputs, and how many of the first are inputs. */
    static native boolean ends(long program, int inputs, int[] outputs);

    /**
     * Adds a recurrent layer, whose cells are added next.
     *
     * @param state where its part of a slot begins
     */
    static native boolean recurrent(
            long program, int input, int[] outputs, int cells, boolean sequences, int state);

    static native boolean cell(
            long program,
            int kind,
            int features,
            int units,
            int activation,
            int recurrentActivation,
            float[] inputWeights,
            float[] recurrentWeights,
            float[] bias);

    /**
     * Adds a cell of operations, which are added next, in order.
     *
     * @param widths of all registers
     * @param next the registers that are the states after the timestep
     * @param output the register that is the output, {@code units} wide
     */
    static native boolean composed(long program, int[] widths, int[] next, int output, int units);

    /**
     * Adds sums, whose terms are added next.
     *
     * @param start the first register that they start from, or -1 for the bias
     */
    static native boolean affine(long program, int gates, int width, int start, float[] bias);

    /**
     * Adds two terms to the last sums.
     *
     * @param places how many of each gate's units they feed, the first ones; register, first value
     *     and number of values of x, then of h, which may be -1, 0, 0
     */
    static native boolean terms(long program, int[] places, float[] xWeights, float[] hWeights);

    /**
     * Adds any other operation.
     *
     * @param description kind, activation, a number
     * @param reads the registers that it reads
     * @param values of a constant, or the periods of a clocked operation's units
     */
    static native boolean operation(
            long program, int[] description, int[] reads, float alpha, float beta, float[] values);

    static native boolean dense(
            long program,
            int input,
            int output,
            int units,
            int activation,
            float[] weights,
            float[] bias);

    static native boolean embedding(
            long program, int input, int output, int vocabulary, int columns, float[] table);

    static native boolean batchNormalization(
            long program, int input, int output, float[] scale, float[] shift);

    static native boolean layerNormalization(
            long program, int input, int output, float[] gamma, float[] beta, float epsilon);

    static native boolean activate(long program, int input, int output, int activation);

    static native boolean add(long program, int[] inputs, int output);

    static native boolean concatenate(long program, int[] inputs, int output);

    static native boolean copy(long program, int input, int output);

    /**
     * Advances rows of a batch.
     *
     * @param from the first row
     * @param starts {@code [axis][row]}: timesteps of the rows before
     * @param pages of a slab, {@code slotsPerPage} slots, a power of two, of {@code width} floats
     *     each
     * @return {@link #DONE}, or what prevented it; no state has changed then
     */
    static native int advance(
            long program,
            int from,
            int rows,
            int[] slots,
            int[][] starts,
            float[][] pages,
            int slotsPerPage,
            int width,
            float[][] inputs,
            float[][] outputs);

    /**
     * Says where {@link #advanceOne} reads and writes.
     *
     * @param row a direct buffer, which must live as long as the program
     * @param widths floats of each input, of the state, and of each output, one after another
     */
    static native boolean oneRow(long program, FloatBuffer row, int[] widths);

    /**
     * Advances one row by one timestep, where a call over arrays would cost more than what it
     * computes.
     *
     * @return as {@link #advance}
     */
    static native int advanceOne(long program);
}
