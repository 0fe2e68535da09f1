package io.streamcell.models.keras;

import io.streamcell.models.Network;
import io.streamcell.models.NetworkBuilder;
import io.streamcell.models.Shape;
import io.streamcell.models.UnsupportedModelException;
import io.streamcell.models.keras.ModelGraph.Call;
import io.streamcell.models.keras.ModelGraph.Input;
import io.streamcell.models.keras.ModelGraph.Output;
import io.streamcell.models.keras.ModelGraph.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Builds the network of a saved graph: finds the time axes, and makes each layer with its weights.
 */
final class GraphReader {
    private final ModelGraph graph;
    private final NetworkBuilder builder;
    private final LayerReader layers;
    private final Map<Tensor, Integer> tensors = new HashMap<>();
    private final Map<LayerConfig, String> groups = new HashMap<>();
    private final Map<LayerConfig, io.streamcell.models.Layer> made = new HashMap<>();

    GraphReader(ModelGraph graph, WeightFile weights) {
        this.graph = graph;
        this.builder = new NetworkBuilder(graph.name());
        this.layers = new LayerReader(weights);
        String[] paths = WeightPaths.groups(graph.layers());
        for (int k = 0; k < paths.length; k++) {
            groups.put(graph.layers().get(k), paths[k]);
        }
    }

    Network network() {
        for (Input input : graph.inputs()) {
            tensors.put(input.tensor(), add(input));
        }
        for (Call call : graph.calls()) {
            List<Integer> reads = new ArrayList<>();
            for (Tensor read : call.reads()) {
                reads.add(number(read));
            }
            if (reads.isEmpty()) {
                throw call.layer().refused("its input", "none", "the output of a layer");
            }
            List<Integer> outputs = builder.add(layer(call.layer(), reads), reads);
            for (int k = 0; k < outputs.size(); k++) {
                tensors.put(new Tensor(call.layer().name(), call.number(), k), outputs.get(k));
            }
        }
        List<String> names = new ArrayList<>();
        List<Integer> outputs = new ArrayList<>();
        for (Output output : graph.outputs()) {
            names.add(output.name());
            outputs.add(number(output.tensor()));
        }
        return builder.build(names, outputs, graph.namedOutputs());
    }

    private int number(Tensor tensor) {
        Integer number = tensors.get(tensor);
        if (number == null) {
            throw new UnsupportedModelException(
                    "every tensor must be given by a layer, got output %d of call %d of layer %s"
                            .formatted(tensor.output(), tensor.call(), tensor.layer()));
        }
        return number;
    }

    private io.streamcell.models.Layer layer(LayerConfig config, List<Integer> reads) {
        List<Shape> shapes = reads.stream().map(builder::shape).toList();
        return made.computeIfAbsent(config, layer -> layers.read(layer, groups.get(layer), shapes));
    }

    /** A fixed batch or a fixed number of timesteps is read as any number. */
    private int add(Input input) {
        List<Integer> dims = input.batchShape().subList(1, input.batchShape().size());
        if (dims.isEmpty()) {
            return builder.staticInput(input.name(), List.of());
        }
        boolean timed = dims.size() > 1 || dims.get(0) == null || feedsTokens(input.tensor());
        List<Integer> row = timed ? dims.subList(1, dims.size()) : dims;
        if (row.contains(null)) {
            throw new UnsupportedModelException(
                    "input %s must have fixed dimensions but for batch and time, got %s"
                            .formatted(input.name(), input.batchShape()));
        }
        return timed
                ? builder.timedInput(input.name(), row)
                : builder.staticInput(input.name(), row);
    }

    /** Whether a tensor is read by Embedding layers alone: its axis then counts tokens. */
    private boolean feedsTokens(Tensor tensor) {
        Set<String> readers = new HashSet<>();
        for (Call call : graph.calls()) {
            if (call.reads().contains(tensor)) {
                boolean passes =
                        LayerReader.changesNothing(call.layer().kind())
                                && feedsTokens(new Tensor(call.layer().name(), call.number(), 0));
                readers.add(passes ? "Embedding" : call.layer().kind());
            }
        }
        return readers.equals(Set.of("Embedding"));
    }
}
