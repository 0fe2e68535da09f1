package io.streamcell.kernels.reference;

import io.streamcell.kernels.Batch;
import io.streamcell.kernels.HostSlab;
import io.streamcell.kernels.NetworkKernel;
import io.streamcell.kernels.StateSlab;
import io.streamcell.models.Network;
import io.streamcell.models.Node;
import io.streamcell.models.Recurrent;
import io.streamcell.models.Shape;
import io.streamcell.models.StateLayout;
import java.util.BitSet;

/** Runs a network row by row, node by node. */
final class ReferenceKernel implements NetworkKernel {
    private final Network network;
    private final StateLayout layout;
    private final BitSet seen = new BitSet();

    // tensors[t]: one row's values of tensor t, [timesteps, width] or [1, width]
    private final float[][] tensors;

    ReferenceKernel(Network network, StateLayout layout) {
        this.network = network;
        this.layout = layout;
        this.tensors = new float[network.tensors().size()][0];
    }

    @Override
    public StateSlab newSlab(int slots) {
        return new HostSlab(layout, slots);
    }

    @Override
    public void advance(StateSlab slab, Batch batch, int from, int to) {
        HostSlab host = (HostSlab) slab;
        batch.checkSlots(seen, slab.slots(), from, to);
        for (int row = from; row < to; row++) {
            for (int k = 0; k < network.inputs().size(); k++) {
                float[] values = tensor(k, batch, row);
                System.arraycopy(
                        batch.input(k), batch.inputStart(k, row), values, 0, floats(k, batch, row));
            }
            for (Node node : network.nodes()) {
                run(node, host, batch, row);
            }
            for (int k = 0; k < network.outputs().size(); k++) {
                int tensor = network.outputTensors().get(k);
                canonical(
                        tensors[tensor],
                        batch.output(k),
                        batch.outputStart(k, row),
                        floats(tensor, batch, row));
            }
        }
    }

    private void run(Node node, HostSlab slab, Batch batch, int row) {
        for (int output : node.outputs()) {
            tensor(output, batch, row);
        }
        int height = height(node.input(), batch, row);
        if (node.layer() instanceof Recurrent layer) {
            advance(layer, node, slab, batch.slot(row), height);
        } else {
            RowLayers.apply(node.layer(), rows(node, batch, row), tensors[node.output()]);
        }
    }

    private RowLayers.Rows rows(Node node, Batch batch, int row) {
        int count = node.inputs().size();
        float[][] inputs = new float[count][];
        int[] features = new int[count];
        boolean[] broadcast = new boolean[count];
        for (int k = 0; k < count; k++) {
            int input = node.inputs().get(k);
            inputs[k] = tensors[input];
            features[k] = shape(input).features();
            broadcast[k] = !shape(input).timed() && shape(node.output()).timed();
        }
        int width = shape(node.input()).width();
        return new RowLayers.Rows(
                inputs, features, broadcast, width, height(node.output(), batch, row));
    }

    private Shape shape(int tensor) {
        return network.tensors().get(tensor);
    }

    private void advance(Recurrent layer, Node node, HostSlab slab, int slot, int timesteps) {
        float[] page = slab.page(slot);
        int offset = slab.offset(slot) + layout.offset(layer);
        CellSteps steps = new CellSteps(layer, page, offset);
        float[] output = tensors[node.output()];
        for (int t = 0; t < timesteps; t++) {
            float[] h = steps.step(tensors[node.input()], t * layer.cells().get(0).features());
            int at = layer.returnSequences() ? t * layer.units() : 0;
            System.arraycopy(h, 0, output, at, layer.units());
        }
        canonical(steps.state(), page, offset, layer.stateWidth());
        for (int k = 1, at = offset; k < node.outputs().size(); k++) {
            int size = layer.stateSizes().get(k - 1);
            System.arraycopy(page, at, tensors[node.outputs().get(k)], 0, size);
            at += size;
        }
    }

    private static void canonical(float[] from, float[] to, int at, int count) {
        for (int k = 0; k < count; k++) {
            to[at + k] = Float.isNaN(from[k]) ? Float.NaN : from[k];
        }
    }

    private int height(int tensor, Batch batch, int row) {
        Shape shape = shape(tensor);
        return shape.timed() ? batch.timesteps(shape.axis(), row) : 1;
    }

    private int floats(int tensor, Batch batch, int row) {
        return height(tensor, batch, row) * shape(tensor).width();
    }

    private float[] tensor(int tensor, Batch batch, int row) {
        int needed = floats(tensor, batch, row);
        if (tensors[tensor].length < needed) {
            tensors[tensor] = new float[needed + needed / 2];
        }
        return tensors[tensor];
    }

    @Override
    public void close() {
        // The heap holds all there is.
    }
}
