package io.streamcell.models;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * An immutable graph of layers. Tensors are numbered: the inputs first, then every node's outputs
 * in order; nodes stand in an order in which each reads only tensors that exist. Made by {@link
 * NetworkBuilder}.
 *
 * @param tensors the shape of every tensor
 * @param madeAxes the time axes that layers make, numbered on from the inputs'
 * @param equalAxes pairs of axes whose chunks must be equally long
 * @param outputTensors the tensor of every output
 */
public record Network(
        String name,
        List<NetworkInput> inputs,
        List<Node> nodes,
        List<Shape> tensors,
        List<TimeAxis> madeAxes,
        List<List<Integer>> equalAxes,
        List<NetworkOutput> outputs,
        List<Integer> outputTensors,
        boolean namedOutputs,
        List<String> notes) {
    public Network {
        inputs = List.copyOf(inputs);
        nodes = List.copyOf(nodes);
        tensors = List.copyOf(tensors);
        madeAxes = List.copyOf(madeAxes);
        equalAxes = List.copyOf(equalAxes);
        outputs = List.copyOf(outputs);
        outputTensors = List.copyOf(outputTensors);
        notes = List.copyOf(notes);
    }

    /**
     * 64 bits of SHA-256 over architecture and weights (see {@link CanonicalForm}); names are not
     * part of it.
     */
    public long fingerprint() {
        CanonicalForm form = new CanonicalForm();
        form.text("streamcell network 1").number(inputs.size());
        for (NetworkInput input : inputs) {
            form.number(input.shape().axis()).number(input.shape().dims().size());
            input.shape().dims().forEach(form::number);
        }
        form.number(nodes.size());
        for (Node node : nodes) {
            form.number(node.inputs().size());
            node.inputs().forEach(form::number);
            node.layer().describe(form);
        }
        form.number(outputTensors.size());
        outputTensors.forEach(form::number);
        return form.fingerprint();
    }

    public NetworkSignature signature(Carry carry) {
        int counted = 0;
        while (counted < inputs.size() - 1 && !inputs.get(counted).shape().timed()) {
            counted++;
        }
        return new NetworkSignature(
                fingerprint(),
                inputs,
                outputs,
                axes(),
                madeAxes,
                equalAxes,
                counted,
                needsWholeChunks(),
                namedOutputs,
                StateLayout.of(this, carry));
    }

    /**
     * The same network with causal convolutions that keep their last inputs from chunk to chunk;
     * each call of one has a state of its own.
     */
    public Network carryingConvolutions() {
        Set<String> names = new HashSet<>();
        List<Node> carrying = new ArrayList<>();
        for (Node node : nodes) {
            if (node.layer() instanceof Convolution layer && layer.mayCarry()) {
                String unique = layer.name();
                for (int number = 1; !names.add(unique); number++) {
                    unique = layer.name() + "_" + number;
                }
                carrying.add(new Node(layer.carrying(unique), node.inputs(), node.outputs()));
            } else {
                carrying.add(node);
            }
        }
        return new Network(
                name,
                inputs,
                carrying,
                tensors,
                madeAxes,
                equalAxes,
                outputs,
                outputTensors,
                namedOutputs,
                notes);
    }

    /** How many time axes the inputs have. */
    public int axes() {
        return inputs.stream().mapToInt(input -> input.shape().axis()).max().orElse(0) + 1;
    }

    /** Whether a timestep's value depends on the end of its chunk. */
    private boolean needsWholeChunks() {
        if (!madeAxes.isEmpty()) {
            return true;
        }
        boolean[] endOfChunk = new boolean[tensors.size()];
        for (Node node : nodes) {
            if (node.layer().needsWholeChunks()) {
                return true;
            }
            boolean fromEnd = node.inputs().stream().anyMatch(input -> endOfChunk[input]);
            boolean fromTime = node.inputs().stream().anyMatch(input -> tensors.get(input).timed());
            for (int output : node.outputs()) {
                if (tensors.get(output).timed() && fromEnd) {
                    return true;
                }
                endOfChunk[output] = fromEnd || fromTime && !tensors.get(output).timed();
            }
        }
        return false;
    }

    /** Values of all layers, those of a shared layer once. */
    public long parameters() {
        Set<Layer> layers = Collections.newSetFromMap(new IdentityHashMap<>());
        nodes.forEach(node -> layers.add(node.layer()));
        return layers.stream().mapToLong(Layer::parameters).sum();
    }
}
