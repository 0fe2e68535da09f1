package io.streamcell.kernels.jni;

import io.streamcell.kernels.Batch;
import io.streamcell.kernels.HostSlab;
import io.streamcell.models.Network;
import io.streamcell.models.Shape;
import io.streamcell.models.StateLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * One row of one timestep on its way to the native side and back, in memory that both sides see: a
 * few bulk copies cost less than borrowing Java's arrays. Lives as long as its program.
 */
final class OneRow {
    private final int axes;
    private final int inputs;
    // floats of each input, of the state, of each output, as they follow each other in the row
    private final int[] widths;
    private final FloatBuffer row;

    OneRow(Network network, StateLayout layout, long program) {
        inputs = network.inputs().size();
        axes = network.axes();
        Stream<Shape> in = network.inputs().stream().map(input -> input.shape());
        Stream<Shape> out = network.outputs().stream().map(output -> output.shape());
        widths =
                IntStream.concat(
                                IntStream.concat(
                                        in.mapToInt(Shape::width), IntStream.of(layout.width())),
                                out.mapToInt(Shape::width))
                        .toArray();
        int bytes = Math.multiplyExact(IntStream.of(widths).sum(), Float.BYTES);
        row = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder()).asFloatBuffer();
        if (!NativeProgram.oneRow(program, row, widths)) {
            throw new OutOfMemoryError("native memory must hold a row");
        }
    }

    /** Whether this part of a batch is one row of one timestep. */
    boolean fits(Batch batch, int from, int to) {
        if (to - from != 1) {
            return false;
        }
        for (int axis = 0; axis < axes; axis++) {
            if (batch.timesteps(axis, from) != 1) {
                return false;
            }
        }
        return true;
    }

    /** Advances the row, and says what {@link NativeProgram#advanceOne} says. */
    int advance(long program, HostSlab slab, Batch batch, int from) {
        float[] page = slab.page(batch.slot(from));
        int offset = slab.offset(batch.slot(from));
        int at = 0;
        for (int k = 0; k < inputs; k++) {
            row.put(at, batch.input(k), batch.inputStart(k, from), widths[k]);
            at += widths[k];
        }
        int state = at;
        row.put(state, page, offset, widths[inputs]);
        int status = NativeProgram.advanceOne(program);
        if (status != NativeProgram.DONE) {
            return status;
        }
        at += widths[inputs];
        for (int k = inputs + 1; k < widths.length; k++) {
            int output = k - inputs - 1;
            row.get(at, batch.output(output), batch.outputStart(output, from), widths[k]);
            at += widths[k];
        }
        row.get(state, page, offset, widths[inputs]);
        return status;
    }
}
