package io.streamcell.models.keras;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamcell.models.Network;
import io.streamcell.models.NetworkBuilder;
import io.streamcell.models.UnsupportedModelException;
import io.streamcell.models.keras.ModelGraph.Call;
import io.streamcell.models.keras.ModelGraph.Input;
import io.streamcell.models.keras.ModelGraph.Output;
import io.streamcell.models.keras.ModelGraph.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Builds the network of a saved graph: finds the time axes, and calls each layer in order, those of
 * models inside the model among them.
 */
final class GraphReader {
    private final ModelGraph model;
    private final NetworkBuilder builder;
    private final LayerReader layers;

    private GraphReader(ModelGraph model) {
        this.model = model;
        this.builder = new NetworkBuilder(model.name());
        this.layers = new LayerReader(new Graph(builder));
    }

    /**
     * Reads a network.
     *
     * @param saved the model's class and configuration
     * @param weights gives those of every layer of the model
     */
    static Network read(JsonNode saved, Function<List<LayerConfig>, List<LayerWeights>> weights) {
        ModelGraph model = ModelGraph.of(saved);
        GraphReader reader = new GraphReader(model);
        for (String policy : policies(saved)) {
            reader.builder.note("saved as %s, computed in float32".formatted(policy));
        }
        return reader.network(weights.apply(model.layers()));
    }

    /** The policies of layers that Keras would not compute in float32. */
    private static Set<String> policies(JsonNode saved) {
        Set<String> policies = new TreeSet<>();
        for (JsonNode dtype : saved.findValues("dtype")) {
            String policy =
                    dtype.isObject()
                            ? dtype.path("config").path("name").asText("")
                            : dtype.asText("");
            if (policy.contains("float") && !policy.equals("float32")) {
                policies.add(policy);
            }
        }
        return policies;
    }

    private Network network(List<LayerWeights> weights) {
        List<Value> inputs = new ArrayList<>();
        for (Input input : model.inputs()) {
            inputs.add(Value.unmasked(add(input)));
        }
        List<Value> values = run(model, weights, inputs);
        return builder.build(
                model.outputs().stream().map(Output::name).toList(),
                values.stream().map(Value::tensor).toList(),
                model.namedOutputs());
    }

    /** Calls every layer of a model, and gives its outputs. */
    private List<Value> run(ModelGraph graph, List<LayerWeights> weights, List<Value> inputs) {
        if (inputs.size() != graph.inputs().size()) {
            throw new UnsupportedModelException(
                    "model %s must have %d inputs, got %d"
                            .formatted(graph.name(), graph.inputs().size(), inputs.size()));
        }
        Map<Tensor, Value> values = new HashMap<>();
        for (int k = 0; k < inputs.size(); k++) {
            values.put(graph.inputs().get(k).tensor(), inputs.get(k));
        }
        Map<String, LayerWeights> byName = new HashMap<>();
        for (int k = 0; k < weights.size(); k++) {
            byName.put(graph.layers().get(k).name(), weights.get(k));
        }
        for (Call call : graph.calls()) {
            Map<String, List<Value>> keywords = new LinkedHashMap<>();
            call.keywords()
                    .forEach(
                            (name, tensors) ->
                                    keywords.put(
                                            name,
                                            tensors.stream().map(t -> value(values, t)).toList()));
            LayerCall made =
                    new LayerCall(
                            call.layer(),
                            call.reads().stream().map(t -> value(values, t)).toList(),
                            keywords,
                            call.arguments());
            List<Value> outputs = call(made, byName.get(call.layer().name()));
            for (int k = 0; k < outputs.size(); k++) {
                values.put(new Tensor(call.layer().name(), call.number(), k), outputs.get(k));
            }
        }
        return graph.outputs().stream().map(output -> value(values, output.tensor())).toList();
    }

    private List<Value> call(LayerCall call, LayerWeights weights) {
        LayerConfig config = call.layer();
        if (ModelGraph.isModel(config.kind())) {
            ModelGraph inner = ModelGraph.of(config.kind(), config.config());
            return run(inner, weights.children("layers", inner.layers()), call.all());
        }
        if (config.kind().equals("TimeDistributed")) {
            LayerConfig inner = config.inner("layer");
            if (ModelGraph.isModel(inner.kind())) {
                LayerCall once = call.of(inner, call.first());
                return layers.perTimestep(() -> call(once, weights.child("layer")));
            }
        }
        return layers.call(call, weights);
    }

    private static Value value(Map<Tensor, Value> values, Tensor tensor) {
        Value value = values.get(tensor);
        if (value == null) {
            throw new UnsupportedModelException(
                    "every tensor must be given by a layer, got output %d of call %d of layer %s"
                            .formatted(tensor.output(), tensor.call(), tensor.layer()));
        }
        return value;
    }

    /** A fixed batch or a fixed number of timesteps is read as any number. */
    private int add(Input input) {
        if (input.batchShape() == null) {
            throw new UnsupportedModelException(
                    "input %s must have a shape, got none: was the model built before it was saved?"
                            .formatted(input.name()));
        }
        List<Integer> dims = input.batchShape().subList(1, input.batchShape().size());
        if (dims.isEmpty()) {
            return builder.staticInput(input.name(), List.of());
        }
        boolean timed =
                dims.size() > 1 || dims.get(0) == null || feedsTokens(model, input.tensor());
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
    private static boolean feedsTokens(ModelGraph graph, Tensor tensor) {
        boolean feeds = false;
        for (Call call : graph.calls()) {
            int place = call.reads().indexOf(tensor);
            if (place < 0) {
                continue;
            }
            String kind = call.layer().kind();
            boolean tokens = kind.equals("Embedding");
            if (LayerReader.changesNothing(kind)) {
                tokens = feedsTokens(graph, new Tensor(call.layer().name(), call.number(), 0));
            } else if (ModelGraph.isModel(kind)) {
                ModelGraph inner = ModelGraph.of(kind, call.layer().config());
                tokens =
                        place < inner.inputs().size()
                                && feedsTokens(inner, inner.inputs().get(place).tensor());
            }
            if (!tokens) {
                return false;
            }
            feeds = true;
        }
        return feeds;
    }
}
