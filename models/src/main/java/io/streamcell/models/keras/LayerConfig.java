package io.streamcell.models.keras;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamcell.models.Activation;
import io.streamcell.models.UnsupportedModelException;
import java.util.ArrayList;
import java.util.List;

/**
 * The saved configuration of a layer or a cell, read with checks: a property that is missing or of
 * another type is refused by the layer's name.
 *
 * @param kind Keras's class name
 * @param name the layer's name
 * @param config its properties
 */
public record LayerConfig(String kind, String name, JsonNode config) {
    /** A serialized Keras object: class name and config. */
    static LayerConfig of(JsonNode object, String where) {
        JsonNode kind = object.path("class_name");
        JsonNode config = object.path("config");
        if (!kind.isTextual() || !config.isObject()) {
            throw new UnsupportedModelException(
                    "%s must be a layer with class_name and config, got %s"
                            .formatted(where, shortened(object)));
        }
        String className = className(object, kind.asText());
        LayerConfig layer =
                new LayerConfig(className, config.path("name").asText(className), config);
        layer.checkPolicy();
        return layer;
    }

    /**
     * Keras's own name for its own layers; whatever else there is, an operation too, by its whole
     * name.
     */
    private static String className(JsonNode object, String kind) {
        String registered = object.path("registered_name").asText("");
        if (registered.contains(">")) {
            return registered;
        }
        String module = object.path("module").asText("keras.layers");
        boolean own = module.matches("(tf_|tensorflow\\.(python\\.)?)?keras(\\..*)?");
        return own && !module.contains("keras.src.ops") && !module.contains("keras.ops")
                ? kind
                : module + "." + kind;
    }

    /** Every float policy is computed in float32; quantized weights are something else. */
    private void checkPolicy() {
        JsonNode dtype = config.path("dtype");
        String policy =
                dtype.isObject() ? dtype.path("config").path("name").asText("") : dtype.asText("");
        if (policy.contains("int8") || policy.contains("int4") || policy.contains("float8")) {
            throw refused(
                    "dtype", policy, "float32, float64, float16, bfloat16 and mixed policies");
        }
    }

    UnsupportedModelException refused(String property, String found, String supported) {
        return new UnsupportedModelException(
                "layer %s: %s must be %s, got %s".formatted(name, property, supported, found));
    }

    boolean flag(String property) {
        JsonNode value = config.path(property);
        if (!value.isBoolean()) {
            throw refused(property, shortened(value), "true or false");
        }
        return value.asBoolean();
    }

    boolean flag(String property, boolean absent) {
        return config.path(property).isMissingNode() ? absent : flag(property);
    }

    int positive(String property) {
        JsonNode value = config.path(property);
        if (!value.isInt() || value.asInt() < 1) {
            throw refused(property, shortened(value), "a positive whole number");
        }
        return value.asInt();
    }

    double number(String property) {
        JsonNode value = config.path(property);
        if (!value.isNumber()) {
            throw refused(property, shortened(value), "a number");
        }
        return value.asDouble();
    }

    double number(String property, double absent) {
        return config.path(property).isMissingNode() || config.path(property).isNull()
                ? absent
                : number(property);
    }

    /** A whole number, or a list of one. */
    int one(String property, int absent) {
        JsonNode value = config.path(property);
        JsonNode one = value.isArray() && value.size() == 1 ? value.get(0) : value;
        if (one.isMissingNode() || one.isNull()) {
            return absent;
        }
        if (!one.isInt() || one.asInt() < 1) {
            throw refused(property, shortened(value), "one positive whole number");
        }
        return one.asInt();
    }

    String text(String property, String absent) {
        JsonNode value = config.path(property);
        if (value.isMissingNode() || value.isNull()) {
            return absent;
        }
        if (!value.isTextual()) {
            throw refused(property, shortened(value), "a text");
        }
        return value.asText();
    }

    /** Whole numbers. */
    List<Integer> numbers(String property) {
        JsonNode list = config.path(property);
        List<Integer> numbers = new ArrayList<>();
        for (JsonNode value : list.isArray() ? list : List.of(list)) {
            if (!value.isInt()) {
                throw refused(property, shortened(list), "whole numbers");
            }
            numbers.add(value.asInt());
        }
        return numbers;
    }

    /** A layer that this one holds. */
    LayerConfig inner(String property) {
        return of(config.path(property), "the " + property + " of layer " + name);
    }

    Activation activation(String property) {
        JsonNode value = config.path(property);
        if (value.isNull() || value.isMissingNode()) {
            return Activation.LINEAR;
        }
        if (!value.isTextual()) {
            throw refused(property, shortened(value), "the name of one of Keras's activations");
        }
        return Activation.ofKeras(value.asText(), name);
    }

    /** Refuses a property that would change the result. */
    void mustBe(String property, boolean wanted) {
        if (flag(property, wanted) != wanted) {
            throw refused(property, String.valueOf(!wanted), String.valueOf(wanted));
        }
    }

    /** An axis that must be the last of {@code rank} (with the batch). */
    void lastAxis(int rank) {
        JsonNode axis = config.path("axis");
        JsonNode one = axis.isArray() && axis.size() == 1 ? axis.get(0) : axis;
        if (!axis.isMissingNode() && one.asInt(-1) != -1 && one.asInt() != rank - 1
                || axis.isArray() && axis.size() != 1) {
            throw refused("axis", shortened(axis), "the last one (-1)");
        }
    }

    /** The dimensions of a saved shape; null where one is not fixed. */
    List<Integer> shape(String property) {
        JsonNode shape = config.path(property);
        if (!shape.isArray() || shape.isEmpty()) {
            throw refused(property, shortened(shape), "a shape with a batch axis");
        }
        List<Integer> dims = new ArrayList<>();
        for (JsonNode dim : shape) {
            if (!dim.isNull() && (!dim.isInt() || dim.asInt() < 1)) {
                throw refused(property, shortened(shape), "positive dimensions or null");
            }
            dims.add(dim.isNull() ? null : dim.asInt());
        }
        return dims;
    }

    static String shortened(JsonNode node) {
        String text = node.isMissingNode() ? "nothing" : node.toString();
        return text.length() <= 120 ? text : text.substring(0, 117) + "...";
    }
}
