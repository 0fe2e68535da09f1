package io.streamcell.kernels.graph;

import io.streamcell.kernels.Batch;
import io.streamcell.kernels.HostSlab;
import io.streamcell.kernels.NetworkKernel;
import io.streamcell.kernels.StateSlab;
import io.streamcell.models.Network;
import io.streamcell.models.StateLayout;
import java.util.BitSet;
import java.util.List;

/**
 * Runs a network of which a provider computes parts: what masks, turns round, pools, slices or
 * reshapes is computed here, the same for every provider, and between such layers the provider's
 * own kernels run whole parts of the network in one call. Made by {@link GraphCompiler}.
 */
final class GraphKernel implements NetworkKernel {
    private final Network network;
    private final StateLayout layout;
    private final Rows rows;
    private final Tensor[] tensors;
    private final List<Step> steps;
    private final BitSet seen = new BitSet();

    GraphKernel(Network network, StateLayout layout, Tensor[] tensors, List<Step> steps) {
        this.network = network;
        this.layout = layout;
        this.tensors = tensors;
        this.steps = steps;
        this.rows = new Rows(network.axes() + network.madeAxes().size());
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
        rows.take(batch, from, to);
        for (Tensor tensor : tensors) {
            tensor.fit(rows);
        }
        for (int k = 0; k < network.inputs().size(); k++) {
            System.arraycopy(
                    batch.input(k),
                    batch.inputStart(k, from),
                    tensors[k].values(),
                    0,
                    rows.height(tensors[k].shape()) * tensors[k].width());
        }
        for (Step step : steps) {
            step.run(rows, host);
        }
        for (int k = 0; k < network.outputTensors().size(); k++) {
            Tensor tensor = tensors[network.outputTensors().get(k)];
            int count = rows.height(tensor.shape()) * tensor.width();
            float[] output = batch.output(k);
            int start = batch.outputStart(k, from);
            for (int n = 0; n < count; n++) {
                float value = tensor.values()[n];
                output[start + n] = Float.isNaN(value) ? Float.NaN : value;
            }
        }
    }

    @Override
    public void close() {
        steps.forEach(Step::close);
    }
}
