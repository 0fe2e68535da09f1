package io.streamcell.kernels.vector;

import io.streamcell.kernels.Batch;
import io.streamcell.kernels.HostSlab;
import io.streamcell.models.Cell;
import io.streamcell.models.Gru;
import io.streamcell.models.Lstm;
import io.streamcell.models.Recurrent;
import io.streamcell.models.SimpleRnn;
import io.streamcell.models.StateLayout;

/**
 * A stack of cells over a batch: each cell runs over the whole sequence of the one below. State
 * rows are copied from the slab in the order of the packing, and back at the end.
 */
final class RecurrentPass implements Pass {
    private final Tensor input;
    private final Tensor[] outputs;
    private final boolean returnSequences;
    private final StateLayout.Part part;
    // the part's sizes
    private final int[] sizes;
    private final CellPass[] cells;
    // sequences[k]: h of cell k at every timestep, [total, stride]
    private final float[][] sequences;

    RecurrentPass(Recurrent layer, Tensor input, Tensor[] outputs, StateLayout.Part part) {
        this.input = input;
        this.outputs = outputs;
        this.returnSequences = layer.returnSequences();
        this.part = part;
        this.sizes = part.sizes().stream().mapToInt(Integer::intValue).toArray();
        this.cells = layer.cells().stream().map(RecurrentPass::pass).toArray(CellPass[]::new);
        this.sequences = new float[cells.length][0];
    }

    private static CellPass pass(Cell cell) {
        if (cell instanceof Lstm lstm) {
            return new LstmPass(lstm);
        } else if (cell instanceof Gru gru) {
            return new GruPass(gru);
        }
        return new SimpleRnnPass((SimpleRnn) cell);
    }

    @Override
    public void run(HostSlab slab, Batch batch) {
        Packing packing = input.packing();
        load(slab, batch, packing);
        float[] below = input.values();
        int stride = input.stride();
        for (int k = 0; k < cells.length; k++) {
            CellPass cell = cells[k];
            if (returnSequences && k == cells.length - 1) {
                sequences[k] = outputs[0].values();
            }
            sequences[k] =
                    Lanes.grown(sequences[k], (long) packing.total() * cell.states().stride());
            cell.run(packing, below, stride, sequences[k]);
            below = sequences[k];
            stride = cell.states().stride();
        }
        store(slab, batch, packing);
    }

    private void load(HostSlab slab, Batch batch, Packing packing) {
        for (CellPass cell : cells) {
            cell.states().fit(packing.rows());
        }
        for (int sorted = 0; sorted < packing.rows(); sorted++) {
            int slot = batch.slot(packing.batchRow(sorted));
            int at = slab.offset(slot) + part.offset();
            for (CellPass cell : cells) {
                at = cell.states().load(sorted, slab.page(slot), at);
            }
        }
    }

    private void store(HostSlab slab, Batch batch, Packing packing) {
        for (int sorted = 0; sorted < packing.rows(); sorted++) {
            int row = packing.row(sorted);
            int batchRow = packing.batchRow(sorted);
            int last = packing.first(batch.timesteps(packing.axis(), batchRow) - 1) + sorted;
            int slot = batch.slot(batchRow);
            float[] page = slab.page(slot);
            int from = slab.offset(slot) + part.offset();
            int at = from;
            for (int k = 0; k < cells.length; k++) {
                at = cells[k].states().store(sequences[k], last, sorted, page, at);
            }
            if (!returnSequences) {
                int stride = cells[cells.length - 1].states().stride();
                outputs[0].load(row, sequences[cells.length - 1], last * stride);
            }
            at = from;
            for (int k = 1; k < outputs.length; k++) {
                outputs[k].load(row, page, at);
                at += sizes[k - 1];
            }
        }
    }
}
