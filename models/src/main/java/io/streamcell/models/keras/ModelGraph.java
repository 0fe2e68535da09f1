package io.streamcell.models.keras;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamcell.models.UnsupportedModelException;
import java.util.ArrayList;
import java.util.List;

/**
 * A Sequential or Functional model as saved: its layers, and which call reads what. Shapes and
 * weights are not looked at yet.
 *
 * @param layers in the order of saving, on which the names of their weights depend
 * @param calls of layers, inputs left out
 * @param inputs the input layers, in the order in which chunks bring them
 * @param namedOutputs whether the outputs are a dictionary or several
 */
record ModelGraph(
        String name,
        List<LayerConfig> layers,
        List<Call> calls,
        List<Input> inputs,
        List<Output> outputs,
        boolean namedOutputs) {
    /** One output of one call of a layer. */
    record Tensor(String layer, int call, int output) {}

    /** A call of a layer. */
    record Call(LayerConfig layer, int number, List<Tensor> reads) {}

    /**
     * An input.
     *
     * @param batchShape with the batch axis; null where a dimension is not fixed
     */
    record Input(String name, Tensor tensor, List<Integer> batchShape) {}

    /** An output of the model. */
    record Output(String name, Tensor tensor) {}

    static ModelGraph of(JsonNode model) {
        String kind = model.path("class_name").asText("nothing");
        return switch (kind) {
            case "Sequential" -> sequential(model.path("config"));
            case "Functional" -> FunctionalGraph.read(model.path("config"));
            default ->
                    throw new UnsupportedModelException(
                            "a model must be Sequential or Functional, got class %s; a subclassed model can be saved as a Functional one"
                                    .formatted(kind));
        };
    }

    private static ModelGraph sequential(JsonNode config) {
        String name = config.path("name").asText("sequential");
        List<LayerConfig> layers = layers(config, name);
        List<Call> calls = new ArrayList<>();
        Input input = null;
        Tensor last = null;
        for (LayerConfig layer : layers) {
            if (layer.kind().equals("InputLayer")) {
                last = new Tensor(layer.name(), 0, 0);
                input = new Input(layer.name(), last, inputShape(layer));
                continue;
            }
            if (last == null) {
                last = new Tensor("input", 0, 0);
                LayerConfig whole = new LayerConfig("Sequential", name, config);
                input = new Input("input", last, whole.shape("build_input_shape"));
            }
            calls.add(new Call(layer, 0, List.of(last)));
            last = new Tensor(layer.name(), 0, 0);
        }
        if (calls.isEmpty()) {
            throw new UnsupportedModelException("model " + name + " must have a layer, got none");
        }
        return new ModelGraph(
                name,
                layers,
                calls,
                List.of(input),
                List.of(new Output(last.layer(), last)),
                false);
    }

    static List<LayerConfig> layers(JsonNode config, String model) {
        JsonNode list = config.path("layers");
        if (!list.isArray()) {
            throw new UnsupportedModelException(
                    "model %s must have a list of layers, got %s"
                            .formatted(model, LayerConfig.shortened(list)));
        }
        List<LayerConfig> layers = new ArrayList<>();
        for (JsonNode layer : list) {
            layers.add(LayerConfig.of(layer, "every layer of model " + model));
        }
        return layers;
    }

    static List<Integer> inputShape(LayerConfig layer) {
        return layer.shape(layer.config().has("batch_shape") ? "batch_shape" : "batch_input_shape");
    }
}
