package io.streamcell.models.keras;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamcell.models.UnsupportedModelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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

    /**
     * A call of a layer.
     *
     * @param reads tensors given by position
     * @param keywords tensors given by name
     * @param arguments all that was given by position, as saved
     */
    record Call(
            LayerConfig layer,
            int number,
            List<Tensor> reads,
            Map<String, List<Tensor>> keywords,
            JsonNode arguments) {}

    /**
     * An input.
     *
     * @param batchShape with the batch axis; null where a dimension is not fixed; null itself where
     *     none was saved
     */
    record Input(String name, Tensor tensor, List<Integer> batchShape) {}

    /** An output of the model. */
    record Output(String name, Tensor tensor) {}

    /** Whether a class is a model of its own. */
    static boolean isModel(String kind) {
        return kind.equals("Sequential") || kind.equals("Functional") || kind.equals("Model");
    }

    static ModelGraph of(JsonNode model) {
        return of(model.path("class_name").asText("nothing"), model.path("config"));
    }

    static ModelGraph of(String kind, JsonNode config) {
        return switch (kind) {
            case "Sequential" -> sequential(config);
            case "Functional", "Model" -> FunctionalGraph.read(config);
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
                input = new Input("input", last, sequentialShape(name, config, layer));
            }
            calls.add(new Call(layer, 0, List.of(last), Map.of(), layer.config()));
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

    /** Without an input layer the first layer knows the shape, or the model does. */
    private static List<Integer> sequentialShape(String name, JsonNode config, LayerConfig first) {
        if (first.config().hasNonNull("batch_input_shape")) {
            return first.shape("batch_input_shape");
        }
        return config.hasNonNull("build_input_shape")
                ? new LayerConfig("Sequential", name, config).shape("build_input_shape")
                : null;
    }

    static List<LayerConfig> layers(JsonNode config, String model) {
        // Early versions of Keras 2 saved a Sequential model as its list of layers.
        JsonNode list = config.isArray() ? config : config.path("layers");
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
