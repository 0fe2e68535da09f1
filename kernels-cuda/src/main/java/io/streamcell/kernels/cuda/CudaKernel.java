package io.streamcell.kernels.cuda;

import io.streamcell.kernels.Batch;
import io.streamcell.kernels.HostSlab;
import io.streamcell.kernels.NetworkKernel;
import io.streamcell.kernels.StateSlab;
import io.streamcell.models.Network;
import io.streamcell.models.Shape;
import io.streamcell.models.StateLayout;
import java.util.BitSet;

/**
 * Advances batches on a CUDA device, in pieces that two lanes take in turn, so that copies of one
 * piece overlap with the launches of another and memory is bounded.
 */
final class CudaKernel implements NetworkKernel {
    /** Values that go in and out of one piece, but for a row that alone has more. */
    private static final long PIECE_FLOATS = 1 << 20;

    private final StateLayout layout;
    private final Program program;
    private final Lane[] lanes;
    private final long[] widths;
    private final long pieceFloats;
    private final BitSet seen = new BitSet();
    private int next;

    /** Where states of a host's slab are while they are advanced; made when one is. */
    private CudaSlab away;

    /** Takes over the program. */
    CudaKernel(Network network, StateLayout layout, Program program) {
        this(network, layout, program, PIECE_FLOATS);
    }

    CudaKernel(Network network, StateLayout layout, Program program, long pieceFloats) {
        this.pieceFloats = pieceFloats;
        this.layout = layout;
        this.program = program;
        this.lanes = new Lane[] {new Lane(program, network), new Lane(program, network)};
        this.widths = new long[network.axes() + 1];
        network.inputs().forEach(input -> count(input.shape()));
        network.outputs().forEach(output -> count(output.shape()));
    }

    /** Adds the floats of a shape to those of a timestep of its axis; the last are a row's. */
    private void count(Shape shape) {
        widths[shape.timed() ? shape.axis() : widths.length - 1] += shape.width();
    }

    @Override
    public StateSlab newSlab(int slots) {
        return new CudaSlab(layout, program, slots);
    }

    @Override
    public void advance(StateSlab slab, Batch batch, int from, int to) {
        begin(slab, batch, from, to);
        await();
    }

    @Override
    public void begin(StateSlab slab, Batch batch, int from, int to) {
        batch.checkSlots(seen, slab.slots(), from, to);
        await();
        if (slab instanceof HostSlab host) {
            advanceAway(host, batch, from, to);
        } else {
            CudaSlab states = (CudaSlab) slab;
            states.flush();
            launch(states, batch, from, to);
        }
    }

    /** Advances a part of a network whose states lie on the host: they travel there and back. */
    private void advanceAway(HostSlab host, Batch batch, int from, int to) {
        if (away == null) {
            away = new CudaSlab(layout, program, host.slots());
        }
        away.copyFrom(host, batch, from, to);
        launch(away, batch, from, to);
        await();
        away.copyTo(host, batch, from, to);
    }

    private void launch(CudaSlab states, Batch batch, int from, int to) {
        for (int row = from; row < to; ) {
            int end = endOfPiece(batch, row, to);
            Lane lane = lanes[next];
            next = (next + 1) % lanes.length;
            if (lane.busy()) {
                lane.finish();
            }
            lane.begin(states, batch, row, end);
            row = end;
        }
    }

    private int endOfPiece(Batch batch, int from, int to) {
        long floats = 0;
        for (int row = from; row < to; row++) {
            floats += widths[widths.length - 1];
            for (int axis = 0; axis < widths.length - 1; axis++) {
                floats += widths[axis] * batch.timesteps(axis, row);
            }
            if (floats > pieceFloats && row > from) {
                return row;
            }
        }
        return to;
    }

    @Override
    public void await() {
        for (int k = 0; k < lanes.length; k++) {
            Lane lane = lanes[(next + k) % lanes.length];
            if (lane.busy()) {
                lane.finish();
            }
        }
    }

    @Override
    public boolean underway() {
        return lanes[0].underway() || lanes[1].underway();
    }

    @Override
    public void close() {
        if (away != null) {
            away.close();
        }
        for (Lane lane : lanes) {
            lane.close();
        }
        program.close();
    }
}
