package io.streamcell.kernels.vector;

import io.streamcell.kernels.Batch;
import io.streamcell.kernels.HostSlab;
import io.streamcell.kernels.cells.JoinedSums;
import io.streamcell.models.Cell;
import io.streamcell.models.ComposedCell;
import io.streamcell.models.Gru;
import io.streamcell.models.Lstm;
import io.streamcell.models.Recurrent;
import io.streamcell.models.SimpleRnn;

/**
 * A stack of cells over a batch: each cell runs over the whole sequence of the one below. State
 * rows are copied from the slab in the order of the packing, and back at the end.
 */
final class RecurrentPass implements Pass {
    private final Tensor input;
    private final Tensor[] outputs;
    private final boolean returnSequences;
    // where the layer's state begins in a slot
    private final int offset;
    // the state's sizes
    private final int[] sizes;
    private final CellRun[] cells;
    // sequences[k]: h of cell k at every timestep, [total, stride]
    private final float[][] sequences;

    RecurrentPass(Recurrent layer, Tensor input, Tensor[] outputs, int offset) {
        this.input = input;
        this.outputs = outputs;
        this.returnSequences = layer.returnSequences();
        this.offset = offset;
        this.sizes = layer.stateSizes().stream().mapToInt(Integer::intValue).toArray();
        this.cells = layer.cells().stream().map(RecurrentPass::pass).toArray(CellRun[]::new);
        this.sequences = new float[cells.length][0];
    }

    private static CellRun pass(Cell cell) {
        if (cell instanceof Lstm lstm) {
            return new LstmPass(lstm);
        } else if (cell instanceof Gru gru) {
            return new GruPass(gru);
        } else if (cell instanceof ComposedCell composed) {
            return new ComposedPass(JoinedSums.of(composed));
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
            CellRun cell = cells[k];
            if (returnSequences && k == cells.length - 1) {
                sequences[k] = outputs[0].values();
            }
            sequences[k] = Lanes.grown(sequences[k], (long) packing.total() * cell.stride());
            cell.run(packing, below, stride, sequences[k]);
            below = sequences[k];
            stride = cell.stride();
        }
        store(slab, batch, packing);
    }

    private void load(HostSlab slab, Batch batch, Packing packing) {
        for (CellRun cell : cells) {
            cell.fit(packing.rows());
        }
        for (int sorted = 0; sorted < packing.rows(); sorted++) {
            int slot = batch.slot(packing.batchRow(sorted));
            int at = slab.offset(slot) + offset;
            for (CellRun cell : cells) {
                at = cell.load(sorted, slab.page(slot), at);
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
            int from = slab.offset(slot) + offset;
            int at = from;
            for (int k = 0; k < cells.length; k++) {
                at = cells[k].store(sequences[k], last, sorted, page, at);
            }
            if (!returnSequences) {
                int stride = cells[cells.length - 1].stride();
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
