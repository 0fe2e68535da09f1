package io.streamcell.models;

import java.util.List;

/**
 * An immutable graph of layers. Tensors are numbered: the inputs first, then every node's outputs
 * in order; nodes stand in an order in which each reads only tensors that exist. Made by {@link
 * NetworkBuilder}.
 *
 * @param tensors the shape of every tensor
 * @param outputTensors the tensor of every output
 */
public record Network(
        String name,
        List<NetworkInput> inputs,
        List<Node> nodes,
        List<Shape> tensors,
        List<NetworkOutput> outputs,
        List<Integer> outputTensors,
        boolean namedOutputs) {
    public Network {
        inputs = List.copyOf(inputs);
        nodes = List.copyOf(nodes);
        tensors = List.copyOf(tensors);
        outputs = List.copyOf(outputs);
        outputTensors = List.copyOf(outputTensors);
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
        while (!inputs.get(counted).shape().timed()) {
            counted++;
        }
        int axes = inputs.stream().mapToInt(input -> input.shape().axis()).max().orElse(0) + 1;
        return new NetworkSignature(
                fingerprint(),
                inputs,
                outputs,
                axes,
                counted,
                needsWholeChunks(),
                namedOutputs,
                StateLayout.of(this, carry));
    }

    /** Whether a timestep's value depends on the end of its chunk. */
    private boolean needsWholeChunks() {
        boolean[] endOfChunk = new boolean[tensors.size()];
        for (Node node : nodes) {
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

    public long parameters() {
        return nodes.stream().mapToLong(node -> node.layer().parameters()).sum();
    }
}
