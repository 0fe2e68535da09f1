package io.streamcell.models;

import java.util.List;

/** One call of a layer: the tensors that it reads and those that it gives, by number. */
public record Node(Layer layer, List<Integer> inputs, List<Integer> outputs) {
    public Node {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    public int input() {
        return inputs.get(0);
    }

    public int output() {
        return outputs.get(0);
    }
}
