package io.streamcell.kernels.vector;

import io.streamcell.kernels.Batch;
import io.streamcell.kernels.HostSlab;
import io.streamcell.kernels.NetworkKernel;
import io.streamcell.kernels.StateSlab;
import io.streamcell.models.Network;
import io.streamcell.models.Node;
import io.streamcell.models.StateLayout;
import java.util.BitSet;
import java.util.List;

/** Runs a network node by node, each over the whole batch. */
final class VectorKernel implements NetworkKernel {
    private final StateLayout layout;
    private final Packing[] packings;
    private final Tensor[] tensors;
    private final Pass[] passes;
    private final int inputs;
    private final int[] outputs;
    private final BitSet seen = new BitSet();

    /** Packs the weights of a network. */
    static NetworkKernel of(Network network, StateLayout layout) {
        return new VectorKernel(network, layout);
    }

    private VectorKernel(Network network, StateLayout layout) {
        this.layout = layout;
        int axes = network.axes();
        packings = new Packing[axes];
        for (int axis = 0; axis < axes; axis++) {
            packings[axis] = new Packing(axis);
        }
        tensors = new Tensor[network.tensors().size()];
        for (int k = 0; k < tensors.length; k++) {
            tensors[k] = new Tensor(network.tensors().get(k), packings);
        }
        passes = new Pass[network.nodes().size()];
        for (int k = 0; k < passes.length; k++) {
            Node node = network.nodes().get(k);
            passes[k] = Passes.of(node.layer(), all(node.inputs()), all(node.outputs()), layout);
        }
        inputs = network.inputs().size();
        outputs = network.outputTensors().stream().mapToInt(Integer::intValue).toArray();
    }

    private Tensor[] all(List<Integer> numbers) {
        return numbers.stream().map(number -> tensors[number]).toArray(Tensor[]::new);
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
        for (Packing packing : packings) {
            packing.pack(batch, from, to);
        }
        for (Tensor tensor : tensors) {
            tensor.fit(to - from);
        }
        for (int k = 0; k < inputs; k++) {
            load(tensors[k], batch, k, from, to);
        }
        for (Pass pass : passes) {
            pass.run(host, batch);
        }
        for (int k = 0; k < outputs.length; k++) {
            store(tensors[outputs[k]], batch, k, from, to);
        }
    }

    private static void load(Tensor tensor, Batch batch, int input, int from, int to) {
        float[] values = batch.input(input);
        int width = tensor.groups() * tensor.features();
        for (int sorted = 0; sorted < to - from; sorted++) {
            int row = tensor.timed() ? tensor.packing().batchRow(sorted) : from + sorted;
            int at = batch.inputStart(input, row);
            if (!tensor.timed()) {
                tensor.load(sorted, values, at);
                continue;
            }
            Packing packing = tensor.packing();
            for (int t = 0; t < packing.steps() && sorted < packing.active(t); t++) {
                tensor.load(packing.first(t) + sorted, values, at + t * width);
            }
        }
    }

    private static void store(Tensor tensor, Batch batch, int output, int from, int to) {
        float[] values = batch.output(output);
        int width = tensor.groups() * tensor.features();
        for (int sorted = 0; sorted < to - from; sorted++) {
            int row = tensor.timed() ? tensor.packing().batchRow(sorted) : from + sorted;
            int at = batch.outputStart(output, row);
            if (!tensor.timed()) {
                tensor.store(sorted, values, at);
                continue;
            }
            Packing packing = tensor.packing();
            for (int t = 0; t < packing.steps() && sorted < packing.active(t); t++) {
                tensor.store(packing.first(t) + sorted, values, at + t * width);
            }
        }
    }

    @Override
    public void close() {
        // The heap holds all there is.
    }
}
