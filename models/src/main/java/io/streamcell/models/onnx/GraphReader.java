package io.streamcell.models.onnx;

import io.streamcell.models.Network;
import io.streamcell.models.NetworkBuilder;
import io.streamcell.models.UnsupportedModelException;
import io.streamcell.models.onnx.OnnxGraph.Input;
import io.streamcell.models.onnx.Value.Data;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Builds the network of a graph in two walks: the first finds what the axes of its inputs are and
 * which inputs and outputs are states, the second adds the layers.
 */
final class GraphReader {
    private final OnnxGraph graph;
    private final TensorReader tensors;
    private final InputAxes axes = new InputAxes();
    private final States states = new States();
    private final Map<String, List<Axis>> open = new LinkedHashMap<>();

    GraphReader(OnnxGraph graph, TensorReader tensors) {
        this.graph = graph;
        this.tensors = tensors;
    }

    Network network() {
        List<OnnxNode> nodes = graph.needed(graph.outputs());
        nodes.forEach(Operators::of);
        if (nodes.stream().noneMatch(node -> RecurrentOperator.TYPES.contains(node.type()))) {
            throw new UnsupportedModelException(
                    "graph %s must have an operator LSTM, GRU or RNN, got none; did the exporter unroll it over a fixed number of timesteps?"
                            .formatted(graph.name()));
        }
        find();
        List<String> outputs = new ArrayList<>(graph.outputs());
        outputs.removeAll(states.outputs());
        if (outputs.isEmpty()) {
            outputs.addAll(graph.outputs());
        }
        NetworkBuilder builder = new NetworkBuilder(graph.name());
        Layers layers = new Layers(builder);
        Evaluation walk = new Evaluation(graph, tensors, layers, axes, new States());
        Set<String> read = new HashSet<>(outputs);
        graph.needed(outputs).forEach(node -> read.addAll(node.inputs()));
        for (Input input : graph.inputs()) {
            if (!states.inputs().contains(input.name()) && read.contains(input.name())) {
                walk.input(input.name(), added(builder, input.name()));
            }
        }
        for (String state : states.inputs()) {
            walk.input(state, new Data(Data.NONE, open.get(state)));
        }
        walk.run(outputs);
        List<Integer> numbers = new ArrayList<>();
        for (String output : outputs) {
            numbers.add(number(output, walk, layers));
        }
        return builder.build(outputs, numbers, outputs.size() > 1);
    }

    private void find() {
        Evaluation walk = new Evaluation(graph, tensors, new Layers(null), axes, states);
        Map<String, Tensor> traces = new HashMap<>();
        for (Input input : graph.inputs()) {
            List<Axis> found = new ArrayList<>();
            for (int k = 0; k < input.lengths().size(); k++) {
                found.add(axes.open(input.name(), k, input.lengths().get(k)));
            }
            open.put(input.name(), found);
            traces.put(input.name(), states.input(input.name(), found));
            walk.input(input.name(), new Data(Data.NONE, found, traces.get(input.name())));
        }
        walk.run(graph.outputs());
        for (String output : graph.outputs()) {
            states.output(output, walk.value(output));
        }
    }

    private Data added(NetworkBuilder builder, String name) {
        List<Axis> found = axes.found(open.get(name));
        List<Integer> dims = new ArrayList<>();
        int timed = 0;
        for (Axis axis : found) {
            if (axis.is(Axis.TIME)) {
                timed++;
            } else if (!axis.is(Axis.BATCH)) {
                dims.add(axis.rows());
            }
        }
        if (timed > 1) {
            throw new UnsupportedModelException(
                    "input %s must have one time axis, got %s".formatted(name, found));
        }
        boolean sequence = timed == 1 || axes.stepwise();
        int tensor = sequence ? builder.timedInput(name, dims) : builder.staticInput(name, dims);
        return new Data(tensor, found);
    }

    /** An output's tensor, its rows without axes of length 1 but for the last. */
    private int number(String output, Evaluation walk, Layers layers) {
        if (!(walk.value(output) instanceof Data data)) {
            throw new UnsupportedModelException(
                    "output %s must be computed from the graph's inputs, got %s"
                            .formatted(
                                    output, walk.value(output) == null ? "nothing" : "a constant"));
        }
        List<Integer> dims = Layers.rowDims(data.axes());
        if (data.rank() > 0 && data.axes().get(data.rank() - 1).one() && dims.isEmpty()) {
            dims.add(1);
        }
        OnnxNode maker = walk.maker(output);
        return maker == null ? data.tensor() : layers.shaped(maker, data, dims);
    }
}
