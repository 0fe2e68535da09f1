package io.streamcell.kernels.jni;

import io.streamcell.kernels.Batch;
import io.streamcell.kernels.HostSlab;
import io.streamcell.kernels.NetworkKernel;
import io.streamcell.kernels.StateSlab;
import io.streamcell.models.Network;
import io.streamcell.models.StateLayout;
import java.util.BitSet;

/** Runs a whole network in one native call. Owns the program, which holds weights and scratch. */
final class NativeKernel implements NetworkKernel {
    private final StateLayout layout;
    private final BitSet seen = new BitSet();
    private final OneRow one;
    private long program;

    NativeKernel(Network network, StateLayout layout) {
        this.layout = layout;
        this.program = ProgramBuilder.build(network, layout);
        this.one = new OneRow(network, layout, program);
    }

    @Override
    public StateSlab newSlab(int slots) {
        return new HostSlab(layout, slots);
    }

    @Override
    public void advance(StateSlab slab, Batch batch, int from, int to) {
        HostSlab host = (HostSlab) slab;
        batch.checkSlots(seen, slab.slots(), from, to);
        if (from == to) {
            return;
        }
        if (program == 0) {
            throw new IllegalStateException("a kernel must be open to advance, got a closed one");
        }
        int status =
                one.fits(batch, from, to)
                        ? one.advance(program, host, batch, from)
                        : advanceRows(host, batch, from, to);
        if (status != NativeProgram.DONE) {
            throw failure(status);
        }
    }

    private int advanceRows(HostSlab host, Batch batch, int from, int to) {
        return NativeProgram.advance(
                program,
                from,
                to - from,
                batch.slots(),
                batch.starts(),
                host.pages(),
                host.slotsPerPage(),
                layout.width(),
                batch.inputs(),
                batch.outputs());
    }

    private static RuntimeException failure(int status) {
        return switch (status) {
            case NativeProgram.OUT_OF_MEMORY ->
                    throw new OutOfMemoryError("native memory must hold a batch's values");
            case NativeProgram.NO_PAGE ->
                    new IllegalStateException("a slot must be reset or written before it advances");
            case NativeProgram.BAD_TOKEN ->
                    new IllegalArgumentException(
                            "a token id must be in its embedding's table, got one outside");
            default -> new IllegalStateException("unknown status " + status);
        };
    }

    @Override
    public void close() {
        NativeProgram.free(program);
        program = 0;
    }
}
