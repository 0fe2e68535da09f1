package io.streamcell.kernels.graph;

import io.streamcell.kernels.Batch;
import io.streamcell.kernels.HostSlab;
import io.streamcell.kernels.NetworkKernel;
import io.streamcell.models.Recurrent;
import java.util.List;

/**
 * A recurrent layer that skips masked timesteps, runs backwards or starts from given states. The
 * timesteps that count are gathered in the order in which they are computed, a kernel for the plain
 * layer runs over them, and its outputs are put where they belong; the cells never see a mask.
 */
final class RecurrentStep implements Step {
    private final Recurrent layer;
    private final Tensor x;
    // the states to start from, none where the stream's own are
    private final Tensor[] given;
    private final Tensor mask;
    private final Tensor output;
    private final Tensor[] states;
    private final NetworkKernel kernel;
    private final Batch batch;
    private final int offset;
    private final int[] sizes;
    // last[row]: the output before the chunk, then after each timestep, [units]
    private float[] last = new float[0];
    // the row in the gathered batch, -1 where every timestep is masked
    private int[] gathered = new int[0];

    /**
     * @param kernel of a network of this layer alone, run plainly, whose sequence is its output
     * @param batch for that network
     * @param offset where the layer's state begins in a slot
     */
    RecurrentStep(
            Recurrent layer,
            Tensor[] inputs,
            Tensor[] outputs,
            NetworkKernel kernel,
            Batch batch,
            int offset) {
        this.layer = layer;
        this.kernel = kernel;
        this.batch = batch;
        this.offset = offset;
        this.x = inputs[0];
        List<Tensor> all = List.of(inputs);
        boolean masked = layer.mode().masked();
        this.mask = masked ? inputs[inputs.length - 1] : null;
        this.given = all.subList(1, inputs.length - (masked ? 1 : 0)).toArray(Tensor[]::new);
        this.output = outputs[0];
        this.states = List.of(outputs).subList(1, outputs.length).toArray(Tensor[]::new);
        this.sizes = layer.stateSizes().stream().mapToInt(Integer::intValue).toArray();
    }

    @Override
    public void run(Rows rows, HostSlab slab) {
        int units = layer.units();
        if (gathered.length < rows.count()) {
            gathered = new int[2 * rows.count()];
            last = new float[2 * rows.count() * units];
        }
        for (int row = 0; row < rows.count(); row++) {
            float[] page = slab.page(rows.slot(row));
            int at = slab.offset(rows.slot(row)) + offset;
            int to = at;
            for (int k = 0; k < given.length; k++) {
                System.arraycopy(given[k].values(), given[k].at(rows, row), page, to, sizes[k]);
                to += sizes[k];
            }
            System.arraycopy(page, at + layer.outputOffset(), last, row * units, units);
        }
        gather(rows);
        if (batch.rows() > 0) {
            kernel.advance(slab, batch);
        }
        for (int row = 0; row < rows.count(); row++) {
            scatter(rows, row);
            float[] page = slab.page(rows.slot(row));
            int from = slab.offset(rows.slot(row)) + offset;
            for (int k = 0; k < states.length; k++) {
                System.arraycopy(page, from, states[k].values(), states[k].at(rows, row), sizes[k]);
                from += sizes[k];
            }
        }
    }

    private boolean counts(Rows rows, int row, int timestep) {
        return mask == null || mask.values()[mask.at(rows, row, timestep)] != 0;
    }

    /** The timestep that is computed as the {@code place}-th. */
    private int timestep(int place, int length) {
        return layer.mode().backwards() ? length - 1 - place : place;
    }

    private void gather(Rows rows) {
        batch.clear();
        for (int row = 0; row < rows.count(); row++) {
            int length = rows.length(x.shape(), row);
            int counted = 0;
            for (int t = 0; t < length; t++) {
                counted += counts(rows, row, t) ? 1 : 0;
            }
            gathered[row] = counted == 0 ? -1 : batch.add(rows.slot(row), counted);
        }
        for (int row = 0; row < rows.count(); row++) {
            if (gathered[row] < 0) {
                continue;
            }
            int length = rows.length(x.shape(), row);
            int to = batch.inputStart(0, gathered[row]);
            for (int place = 0; place < length; place++) {
                int t = timestep(place, length);
                if (counts(rows, row, t)) {
                    System.arraycopy(x.values(), x.at(rows, row, t), batch.input(0), to, x.width());
                    to += x.width();
                }
            }
        }
    }

    private void scatter(Rows rows, int row) {
        int units = layer.units();
        int length = rows.length(x.shape(), row);
        int from = gathered[row] < 0 ? 0 : batch.outputStart(0, gathered[row]);
        int to = output.at(rows, row);
        float[] values = output.values();
        for (int place = 0; place < length; place++) {
            boolean counted = counts(rows, row, timestep(place, length));
            if (counted) {
                System.arraycopy(batch.output(0), from, last, row * units, units);
                from += units;
            }
            if (layer.returnSequences() || place == length - 1) {
                if (counted || !layer.mode().zeroForMask()) {
                    System.arraycopy(last, row * units, values, to, units);
                } else {
                    java.util.Arrays.fill(values, to, to + units, 0);
                }
                to += units;
            }
        }
    }

    @Override
    public void close() {
        kernel.close();
    }
}
