package io.streamcell.kernels.vector;

import io.streamcell.kernels.Batch;
import io.streamcell.kernels.HostSlab;
import io.streamcell.kernels.NetworkKernel;
import io.streamcell.kernels.StateSlab;
import io.streamcell.models.Dense;
import io.streamcell.models.Network;
import io.streamcell.models.Node;
import io.streamcell.models.Recurrent;
import io.streamcell.models.StateLayout;
import java.util.BitSet;

/** Runs a network node by node over the whole batch. */
final class VectorKernel implements NetworkKernel {
    private final StateLayout layout;
    private final LayerKernel[] layers;
    private final int inputs;
    private final int[] outputs;
    private final Tensors tensors;
    private final BitSet seen = new BitSet();

    VectorKernel(Network network, StateLayout layout) {
        this.layout = layout;
        this.tensors = new Tensors(network);
        this.inputs = network.inputs().size();
        this.outputs = network.outputTensors().stream().mapToInt(Integer::intValue).toArray();
        this.layers =
                network.nodes().stream()
                        .map(node -> compile(network, node, layout))
                        .toArray(LayerKernel[]::new);
    }

    private static LayerKernel compile(Network network, Node node, StateLayout layout) {
        if (node.layer() instanceof Recurrent layer) {
            return new RecurrentKernel(layer, node, layout.part(layer.name()).orElseThrow());
        }
        if (node.layer() instanceof Dense dense) {
            return new DenseKernel(dense, node);
        }
        return new RowKernel(network, node);
    }

    @Override
    public StateSlab newSlab(int slots) {
        return new HostSlab(layout, slots);
    }

    @Override
    public void advance(StateSlab slab, Batch batch) {
        batch.checkSlots(seen, slab.slots());
        tensors.begin(batch);
        for (int input = 0; input < inputs; input++) {
            tensors.read(batch, input);
        }
        for (LayerKernel layer : layers) {
            layer.run(tensors, (HostSlab) slab, batch);
        }
        for (int output = 0; output < outputs.length; output++) {
            tensors.write(batch, outputs[output], output);
        }
    }

    @Override
    public void close() {
        // The heap holds all there is.
    }
}
