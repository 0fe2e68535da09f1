package io.streamcell.models.keras;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamcell.models.UnsupportedModelException;
import io.streamcell.models.keras.ModelGraph.Call;
import io.streamcell.models.keras.ModelGraph.Input;
import io.streamcell.models.keras.ModelGraph.Output;
import io.streamcell.models.keras.ModelGraph.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The calls, inputs and outputs of a saved Functional model. */
final class FunctionalGraph {
    /** Tensors that are given by name. */
    private static final Set<String> KEYWORDS =
            Set.of("inputs", "sequences", "initial_state", "mask", "x", "x1", "x2");

    private final String name;
    private final JsonNode config;
    private final Map<String, LayerConfig> byName = new LinkedHashMap<>();

    private FunctionalGraph(JsonNode config) {
        this.config = config;
        this.name = config.path("name").asText("functional");
    }

    static ModelGraph read(JsonNode config) {
        return new FunctionalGraph(config).graph();
    }

    private ModelGraph graph() {
        List<LayerConfig> layers = ModelGraph.layers(config, name);
        layers.forEach(layer -> byName.put(layer.name(), layer));
        Map<String, Tensor> inputs = tensors(config.path("input_layers"), "input_layers");
        Map<String, Tensor> outputs = tensors(config.path("output_layers"), "output_layers");
        List<Input> modelInputs = new ArrayList<>();
        inputs.forEach(
                (inputName, tensor) ->
                        modelInputs.add(
                                new Input(
                                        inputName,
                                        tensor,
                                        ModelGraph.inputShape(layer(tensor.layer())))));
        List<Output> modelOutputs = new ArrayList<>();
        outputs.forEach((outputName, tensor) -> modelOutputs.add(new Output(outputName, tensor)));
        boolean named = modelOutputs.size() > 1 || config.path("output_layers").isObject();
        return new ModelGraph(
                name, layers, inOrder(calls(layers)), modelInputs, modelOutputs, named);
    }

    private LayerConfig layer(String layerName) {
        LayerConfig layer = byName.get(layerName);
        if (layer == null) {
            throw new UnsupportedModelException(
                    "model %s must have every layer that it names, got no layer %s"
                            .formatted(name, layerName));
        }
        return layer;
    }

    private List<Call> calls(List<LayerConfig> layers) {
        List<Call> calls = new ArrayList<>();
        for (int k = 0; k < layers.size(); k++) {
            LayerConfig layer = layers.get(k);
            JsonNode nodes = config.path("layers").get(k).path("inbound_nodes");
            for (int number = 0; number < nodes.size(); number++) {
                if (layer.kind().equals("InputLayer")) {
                    continue;
                }
                JsonNode node = nodes.get(number);
                calls.add(
                        node.isArray()
                                ? earlierCall(layer, number + earlierFirst(layer), node)
                                : call(layer, number, node));
            }
        }
        return calls;
    }

    private static Call call(LayerConfig layer, int number, JsonNode node) {
        if (!node.has("args")) {
            throw layer.refused(
                    "inbound_nodes", LayerConfig.shortened(node), "as Keras saves them");
        }
        List<Tensor> reads = new ArrayList<>();
        collect(node.path("args"), reads);
        Map<String, List<Tensor>> keywords = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> keyword : node.path("kwargs").properties()) {
            List<Tensor> given = new ArrayList<>();
            collect(keyword.getValue(), given);
            if (!given.isEmpty()) {
                keywords.put(keyword.getKey(), given);
            }
        }
        checkKeywords(layer, keywords);
        return new Call(layer, number, reads, keywords, node.path("args"));
    }

    /**
     * Keras 2 counts the calls of a model inside a model from 1, its own making being the first.
     */
    private static int earlierFirst(LayerConfig layer) {
        JsonNode first = layer.config().path("layers").path(0).path("class_name");
        return ModelGraph.isModel(layer.kind()) && first.asText("").equals("InputLayer") ? 1 : 0;
    }

    /**
     * Keras 2: a list of [layer, call, output, keywords], the first of which holds all keywords.
     */
    private static Call earlierCall(LayerConfig layer, int number, JsonNode node) {
        List<Tensor> reads = new ArrayList<>();
        Map<String, List<Tensor>> keywords = new LinkedHashMap<>();
        boolean one = node.size() > 0 && node.get(0).isTextual();
        for (JsonNode read : one ? List.of(node) : node) {
            if (!read.isArray() || read.size() < 3 || !read.get(0).isTextual()) {
                throw layer.refused(
                        "inbound_nodes", LayerConfig.shortened(node), "as Keras saves them");
            }
            reads.add(new Tensor(read.get(0).asText(), read.get(1).asInt(), read.get(2).asInt()));
            for (Map.Entry<String, JsonNode> keyword : read.path(3).properties()) {
                List<Tensor> given = new ArrayList<>();
                JsonNode value = keyword.getValue();
                if (value.isArray() && value.size() > 0 && value.get(0).isArray()) {
                    value.forEach(element -> earlierTensor(element, given));
                } else {
                    earlierTensor(value, given);
                }
                if (!given.isEmpty()) {
                    keywords.put(keyword.getKey(), given);
                }
            }
        }
        checkKeywords(layer, keywords);
        return new Call(layer, number, reads, keywords, node);
    }

    private static void earlierTensor(JsonNode value, List<Tensor> given) {
        if (value.isArray() && value.size() >= 3 && value.get(0).isTextual()) {
            given.add(
                    new Tensor(value.get(0).asText(), value.get(1).asInt(), value.get(2).asInt()));
        }
    }

    /** Tensors given by another name would change what a layer computes. */
    private static void checkKeywords(LayerConfig layer, Map<String, List<Tensor>> keywords) {
        for (Map.Entry<String, List<Tensor>> keyword : keywords.entrySet()) {
            if (!KEYWORDS.contains(keyword.getKey())) {
                throw layer.refused(
                        keyword.getKey(),
                        "the output of layer " + keyword.getValue().get(0).layer(),
                        "absent");
            }
        }
    }

    /** All tensors in an argument, which may be nested lists and dictionaries, in order. */
    private static void collect(JsonNode argument, List<Tensor> tensors) {
        if (argument.path("class_name").asText("").equals("__keras_tensor__")) {
            tensors.add(tensor(argument.path("config").path("keras_history")));
        } else {
            argument.forEach(element -> collect(element, tensors));
        }
    }

    private static Tensor tensor(JsonNode history) {
        if (!history.isArray() || history.size() < 3 || !history.get(0).isTextual()) {
            throw new UnsupportedModelException(
                    "a tensor must be [layer, call, output], got "
                            + LayerConfig.shortened(history));
        }
        return new Tensor(history.get(0).asText(), history.get(1).asInt(), history.get(2).asInt());
    }

    /**
     * The inputs or outputs of the model: one tensor, a list, or a dictionary. Those without a key
     * are called by their layer, and a repeated name is numbered as Keras does.
     */
    private Map<String, Tensor> tensors(JsonNode saved, String property) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        if (saved.isObject()) {
            saved.properties().forEach(e -> tensors.put(e.getKey(), tensor(e.getValue())));
        } else {
            List<Tensor> list = new ArrayList<>();
            flatten(saved, list);
            for (Tensor tensor : list) {
                String unique = tensor.layer();
                for (int number = 1; tensors.containsKey(unique); number++) {
                    unique = tensor.layer() + "_" + number;
                }
                tensors.put(unique, tensor);
            }
        }
        if (tensors.isEmpty()) {
            throw new UnsupportedModelException(
                    "model %s must have %s, got %s"
                            .formatted(name, property, LayerConfig.shortened(saved)));
        }
        return tensors;
    }

    private static void flatten(JsonNode saved, List<Tensor> list) {
        if (saved.isArray() && !saved.isEmpty() && saved.get(0).isTextual()) {
            list.add(tensor(saved));
        } else if (saved.isArray()) {
            saved.forEach(element -> flatten(element, list));
        } else {
            throw new UnsupportedModelException(
                    "inputs and outputs must be tensors, lists of them or a dictionary, got "
                            + LayerConfig.shortened(saved));
        }
    }

    /** The calls in an order in which each reads only what is there. */
    private List<Call> inOrder(List<Call> calls) {
        Set<String> made = new HashSet<>();
        byName.values().stream()
                .filter(layer -> layer.kind().equals("InputLayer"))
                .forEach(layer -> made.add(layer.name() + "/0"));
        List<Call> left = new ArrayList<>(calls);
        List<Call> ordered = new ArrayList<>();
        while (!left.isEmpty()) {
            int before = left.size();
            for (Iterator<Call> k = left.iterator(); k.hasNext(); ) {
                Call call = k.next();
                if (Stream.concat(
                                call.reads().stream(),
                                call.keywords().values().stream().flatMap(List::stream))
                        .allMatch(t -> made.contains(t.layer() + "/" + t.call()))) {
                    made.add(call.layer().name() + "/" + call.number());
                    ordered.add(call);
                    k.remove();
                }
            }
            if (left.size() == before) {
                throw new UnsupportedModelException(
                        "model %s must be a graph without loops and loose ends, but layer %s reads what no layer gives"
                                .formatted(name, left.get(0).layer().name()));
            }
        }
        return ordered;
    }
}
