package io.streamcell.kernels.nd4j;

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
import java.util.IdentityHashMap;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Runs a network node by node, each over all rows of the batch. A value with a time axis is one
 * array {@code [sum of timesteps, width]} in the order of {@link TimeMajor}, one without is {@code
 * [rows, width]}. States lie in the Java heap and are copied in and out with every call.
 *
 * <p>Unlike other kernels' its results depend on the batch in their last bits, and it allocates
 * small objects with every call.
 */
final class Nd4jKernel implements NetworkKernel {
    private final Network network;
    private final StateLayout layout;
    private final HeldArrays weights = new HeldArrays();
    private final IdentityHashMap<Node, CellLayer> recurrent = new IdentityHashMap<>();
    private final IdentityHashMap<Node, RowLayers.Function> plain = new IdentityHashMap<>();
    private final BitSet seen = new BitSet();

    private Nd4jKernel(Network network, StateLayout layout) {
        this.network = network;
        this.layout = layout;
    }

    static Nd4jKernel compile(Network network, StateLayout layout) {
        Nd4jKernel kernel = new Nd4jKernel(network, layout);
        boolean compiled = false;
        try {
            for (Node node : network.nodes()) {
                if (node.layer() instanceof Recurrent layer) {
                    kernel.recurrent.put(
                            node, CellLayer.of(layer, layout.offset(layer), kernel.weights));
                } else {
                    kernel.plain.put(node, RowLayers.function(node.layer(), kernel.weights));
                }
            }
            compiled = true;
            return kernel;
        } finally {
            if (!compiled) {
                kernel.close();
            }
        }
    }

    @Override
    public StateSlab newSlab(int slots) {
        return new HostSlab(layout, slots);
    }

    @Override
    public void advance(StateSlab slab, Batch batch, int from, int to) {
        batch.checkSlots(seen, slab.slots(), from, to);
        if (from == to) {
            return;
        }
        try (MemoryWorkspace scope = Scopes.batch()) {
            run((HostSlab) slab, new Rows(batch, network.axes(), from, to));
        }
    }

    private void run(HostSlab slab, Rows rows) {
        INDArray[] tensors = new INDArray[network.tensors().size()];
        for (int k = 0; k < network.inputs().size(); k++) {
            tensors[k] = rows.input(k, network.tensors().get(k));
        }
        for (Node node : network.nodes()) {
            CellLayer layer = recurrent.get(node);
            if (layer != null) {
                int axis = network.tensors().get(node.input()).axis();
                INDArray[] outputs = layer.advance(tensors[node.input()], slab, rows, axis);
                for (int k = 0; k < node.outputs().size(); k++) {
                    tensors[node.outputs().get(k)] = outputs[k];
                }
            } else {
                tensors[node.output()] = plain.get(node).apply(inputs(node, tensors, rows));
            }
        }
        for (int k = 0; k < network.outputTensors().size(); k++) {
            int tensor = network.outputTensors().get(k);
            rows.output(k, network.tensors().get(tensor), tensors[tensor]);
        }
    }

    /** What a node reads, as {@code [values, features]}; a static value stands at each timestep. */
    private INDArray[] inputs(Node node, INDArray[] tensors, Rows rows) {
        Shape output = network.tensors().get(node.output());
        INDArray[] inputs = new INDArray[node.inputs().size()];
        for (int k = 0; k < inputs.length; k++) {
            int tensor = node.inputs().get(k);
            Shape shape = network.tensors().get(tensor);
            INDArray values = tensors[tensor];
            if (!shape.timed() && output.timed()) {
                values = Nd4j.pullRows(values, 1, rows.order(output.axis()).rowsOfTimesteps());
            }
            inputs[k] = values.reshape('c', values.length() / shape.features(), shape.features());
        }
        return inputs;
    }

    @Override
    public void close() {
        weights.close();
    }
}
