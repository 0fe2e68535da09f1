package io.streamcell.kernels.vector;

import io.streamcell.kernels.Batch;
import io.streamcell.kernels.HostSlab;
import io.streamcell.models.Cell;
import io.streamcell.models.Gru;
import io.streamcell.models.Lstm;
import io.streamcell.models.Node;
import io.streamcell.models.Recurrent;
import io.streamcell.models.SimpleRnn;
import io.streamcell.models.StateLayout;

/**
 * A recurrent layer: each cell of its stack over the whole sequence of the one below. Per cell the
 * input's product is computed for many timesteps at once, then timestep by timestep the recurrent
 * product is added and the pointwise part done, for the rows that have that timestep.
 */
final class RecurrentKernel implements LayerKernel {
    /** Gate sums held at a time, so that they stay in the cache between the two products. */
    private static final int GATE_FLOATS = 1 << 18;

    private final Recurrent layer;
    private final Node node;
    private final StateLayout.Part part;
    private final CellKernel[] cells;
    private float[] gates = {};
    private float[] below = {};
    private float[] above = {};

    RecurrentKernel(Recurrent layer, Node node, StateLayout.Part part) {
        this.layer = layer;
        this.node = node;
        this.part = part;
        this.cells =
                layer.cells().stream().map(RecurrentKernel::compile).toArray(CellKernel[]::new);
    }

    private static CellKernel compile(Cell cell) {
        if (cell instanceof Lstm lstm) {
            return new LstmKernel(lstm);
        }
        return cell instanceof Gru gru ? new GruKernel(gru) : new SimpleRnnKernel((SimpleRnn) cell);
    }

    @Override
    public void run(Tensors tensors, HostSlab slab, Batch batch) {
        PackedRows rows = tensors.axis(node.input());
        float[] x = tensors.values(node.input());
        int offset = part.offset();
        for (int k = 0; k < cells.length; k++) {
            boolean last = k == cells.length - 1;
            float[] y = null;
            if (!last) {
                y = above(rows.height() * cells[k].units());
            } else if (layer.returnSequences()) {
                y = tensors.values(node.output());
            }
            cells[k].load(slab, batch, rows, offset);
            advance(cells[k], rows, x, y);
            cells[k].store(slab, batch, rows, offset);
            offset += cells[k].stateWidth();
            if (!last) {
                above = below;
                below = y;
                x = y;
            }
        }
        outputs(tensors, slab, batch);
    }

    private float[] above(int needed) {
        if (above.length < needed) {
            above = new float[needed + needed / 2];
        }
        return above;
    }

    /** All timesteps of one cell, as many at a time as the gates' scratch holds. */
    private void advance(CellKernel cell, PackedRows rows, float[] x, float[] y) {
        int stride = cell.gateColumns();
        int most = Math.max(rows.rows(), GATE_FLOATS / stride);
        if (gates.length < Math.min(most, rows.height()) * stride) {
            gates = new float[Math.min(most, rows.height()) * stride];
        }
        int features = cell.features();
        int t = 0;
        while (t < rows.steps()) {
            int from = rows.base(t);
            int end = t + 1;
            while (end < rows.steps() && rows.base(end + 1) - from <= most) {
                end++;
            }
            cell.inputProduct(x, from * features, rows.base(end) - from, gates);
            for (; t < end; t++) {
                int at = (rows.base(t) - from) * stride;
                cell.step(gates, at, rows.active(t));
                if (y != null) {
                    cell.copyHidden(rows.active(t), y, rows.base(t) * cell.units());
                }
            }
        }
    }

    /** The last timestep's output, and the states after it, where they are outputs. */
    private void outputs(Tensors tensors, HostSlab slab, Batch batch) {
        int units = layer.units();
        if (!layer.returnSequences()) {
            int hidden = part.offset() + part.width() - cells[cells.length - 1].stateWidth();
            copyStates(slab, batch, hidden, units, tensors.values(node.output()));
        }
        int offset = part.offset();
        for (int k = 1; k < node.outputs().size(); k++) {
            int size = part.sizes().get(k - 1);
            copyStates(slab, batch, offset, size, tensors.values(node.outputs().get(k)));
            offset += size;
        }
    }

    private static void copyStates(HostSlab slab, Batch batch, int offset, int size, float[] to) {
        for (int row = 0; row < batch.rows(); row++) {
            int slot = batch.slot(row);
            System.arraycopy(slab.page(slot), slab.offset(slot) + offset, to, row * size, size);
        }
    }
}
