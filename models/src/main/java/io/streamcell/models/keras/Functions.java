package io.streamcell.models.keras;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamcell.models.ElementFunction;
import io.streamcell.models.ElementFunction.Kind;
import java.util.ArrayList;
import java.util.List;

/** Layers that are a function of each value, with the constants of their configuration. */
final class Functions {
    private Functions() {}

    /** The functions of a layer, or null if it is none of these. */
    static List<ElementFunction> ofLayer(LayerConfig config) {
        return switch (config.kind()) {
            case "LeakyReLU" -> {
                String property =
                        config.config().has("negative_slope") ? "negative_slope" : "alpha";
                yield List.of(
                        ElementFunction.of(Kind.LEAKY, (float) config.number(property, 0.3), 0));
            }
            case "ELU" ->
                    List.of(ElementFunction.of(Kind.ELU, (float) config.number("alpha", 1), 0));
            case "ReLU" -> relu(config);
            case "Rescaling" ->
                    List.of(
                            ElementFunction.of(
                                    Kind.SCALE,
                                    (float) config.number("scale"),
                                    (float) config.number("offset", 0)));
            default -> null;
        };
    }

    /** As keras.activations.relu with a slope, a greatest value and a threshold. */
    private static List<ElementFunction> relu(LayerConfig config) {
        float slope = (float) config.number("negative_slope", 0);
        float threshold = (float) config.number("threshold", 0);
        boolean limited = config.config().hasNonNull("max_value");
        float most = limited ? (float) config.number("max_value") : Float.POSITIVE_INFINITY;
        List<ElementFunction> functions = new ArrayList<>();
        if (threshold != 0 && slope != 0) {
            throw config.refused(
                    "threshold", String.valueOf(threshold), "0 beside a negative_slope");
        }
        if (threshold != 0) {
            functions.add(ElementFunction.of(Kind.ABOVE, threshold, 0));
            if (limited) {
                functions.add(ElementFunction.of(Kind.CLIP, 0, most));
            }
            return functions;
        }
        if (slope != 0) {
            functions.add(ElementFunction.of(Kind.LEAKY, slope, 0));
            if (limited) {
                functions.add(ElementFunction.of(Kind.CLIP, Float.NEGATIVE_INFINITY, most));
            }
            return functions;
        }
        return List.of(ElementFunction.of(Kind.CLIP, 0, most));
    }

    /** The functions of an activation that was given as a layer, or null if it is a name. */
    static List<ElementFunction> ofActivation(LayerConfig config) {
        JsonNode activation = config.config().path("activation");
        if (!activation.isObject()) {
            return null;
        }
        List<ElementFunction> functions =
                ofLayer(LayerConfig.of(activation, "the activation of layer " + config.name()));
        if (functions == null) {
            throw config.refused(
                    "activation",
                    LayerConfig.shortened(activation),
                    "the name of one of Keras's, or LeakyReLU, ELU or ReLU");
        }
        return functions;
    }
}
