package io.streamcell.models.torch;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamcell.models.Activate;
import io.streamcell.models.Activation;
import io.streamcell.models.BatchNormalization;
import io.streamcell.models.Dense;
import io.streamcell.models.ElementFunction;
import io.streamcell.models.Embedding;
import io.streamcell.models.Identity;
import io.streamcell.models.Layer;
import io.streamcell.models.LayerNormalization;
import io.streamcell.models.Network;
import io.streamcell.models.NetworkBuilder;
import io.streamcell.models.RowLayer;
import io.streamcell.models.UnsupportedModelException;
import io.streamcell.models.Weights;
import io.streamcell.models.keras.DescribedLayers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The layers of a description, one after another. */
final class DescribedNetwork {
    private static final Set<String> RECURRENT =
            Set.of("LSTM", "GRU", "RNN", "LSTMCell", "GRUCell", "RNNCell");

    private static final Set<String> IDENTITIES = Set.of("Identity", "Dropout", "Dropout1d");

    private static final Map<String, Activation> ACTIVATIONS =
            Map.ofEntries(
                    Map.entry("ReLU", Activation.RELU),
                    Map.entry("ReLU6", Activation.RELU6),
                    Map.entry("SELU", Activation.SELU),
                    Map.entry("SiLU", Activation.SILU),
                    Map.entry("GELU", Activation.GELU),
                    Map.entry("Sigmoid", Activation.SIGMOID),
                    Map.entry("Tanh", Activation.TANH),
                    Map.entry("Softplus", Activation.SOFTPLUS),
                    Map.entry("Softsign", Activation.SOFTSIGN),
                    Map.entry("Mish", Activation.MISH),
                    Map.entry("Hardsigmoid", Activation.HARD_SIGMOID),
                    Map.entry("Hardswish", Activation.HARD_SILU),
                    Map.entry("LogSigmoid", Activation.LOG_SIGMOID),
                    Map.entry("Tanhshrink", Activation.TANH_SHRINK),
                    Map.entry("Softmax", Activation.SOFTMAX),
                    Map.entry("LogSoftmax", Activation.LOG_SOFTMAX),
                    Map.entry("GLU", Activation.GLU));

    private final JsonNode saved;
    private final Safetensors tensors;
    private final Set<String> names = new HashSet<>();
    private final NetworkBuilder builder;
    private int current;

    DescribedNetwork(JsonNode saved, Safetensors tensors) {
        this.saved = saved;
        this.tensors = tensors;
        this.builder = new NetworkBuilder(saved.path("name").asText("network"));
    }

    Network network() {
        JsonNode layers = saved.path("layers");
        if (!layers.isArray() || layers.isEmpty()) {
            throw new UnsupportedModelException(
                    "layers must be a list of layers, got " + layers.getNodeType());
        }
        List<Described> described = new ArrayList<>();
        layers.forEach(layer -> described.add(new Described(layer, described.size(), tensors)));
        current = input(described);
        String last = "output";
        for (Described layer : described) {
            add(layer);
            last = layer.name();
        }
        return builder.build(List.of(last), List.of(current), false);
    }

    /** The input is read off the first layer that has weights. */
    private int input(List<Described> layers) {
        for (Described layer : layers) {
            if (layer.kind().equals("torch.nn.Embedding")
                    || layer.kind().equals("keras.layers.Embedding")) {
                return builder.timedInput("input", List.of());
            }
            int features = layer.features();
            if (features > 0) {
                return builder.timedInput("input", List.of(features));
            }
        }
        throw new UnsupportedModelException(
                "a description must have a layer with weights, got none: the width of the input is not known");
    }

    private void add(Described layer) {
        String kind = layer.kind();
        if (kind.startsWith("keras.layers.")) {
            current = DescribedLayers.add(builder, layer.keras(), layer.weightList(), current);
        } else if (!kind.startsWith("torch.nn.")) {
            throw layer.refused("class", kind, "torch.nn.X or keras.layers.X");
        } else if (RECURRENT.contains(layer.torchKind())) {
            current = new TorchRecurrent(layer, builder, names).add(current);
        } else {
            current = builder.add(simple(layer), List.of(current)).get(0);
        }
    }

    private Layer simple(Described layer) {
        String kind = layer.torchKind();
        String name = layer.name();
        if (IDENTITIES.contains(kind)) {
            return new Identity(name, kind);
        } else if (ACTIVATIONS.containsKey(kind)) {
            return new Activate(name, ACTIVATIONS.get(kind));
        }
        return switch (kind) {
            case "Linear" -> {
                Weights weights = layer.transposed("weight");
                yield new Dense(
                        name,
                        weights,
                        layer.vectorOr("bias", weights.columns(), 0),
                        Activation.LINEAR);
            }
            case "Embedding" -> new Embedding(name, layer.matrix("weight"));
            case "LayerNorm" -> {
                int features = builder.shape(current).features();
                yield new LayerNormalization(
                        name,
                        (float) layer.number("eps", 1e-5),
                        layer.vectorOr("weight", features, 1),
                        layer.vectorOr("bias", features, 0),
                        2L * features);
            }
            case "BatchNorm1d" -> batchNorm(layer);
            case "LeakyReLU" ->
                    function(
                            layer,
                            ElementFunction.Kind.LEAKY,
                            (float) layer.number("negative_slope", 0.01),
                            0);
            case "ELU", "CELU" -> {
                double alpha = layer.number("alpha", 1);
                if (kind.equals("CELU") && alpha != 1) {
                    throw layer.refused("alpha", String.valueOf(alpha), "1");
                }
                yield function(layer, ElementFunction.Kind.ELU, (float) alpha, 0);
            }
            case "Hardtanh" ->
                    function(
                            layer,
                            ElementFunction.Kind.CLIP,
                            (float) layer.number("min_val", -1),
                            (float) layer.number("max_val", 1));
            case "PReLU" -> new RowLayer.PRelu(name, Weights.vector(layer.values("weight")));
            default ->
                    throw layer.refused(
                            "class",
                            layer.kind(),
                            "LSTM, GRU, RNN, their cells, Linear, Embedding, LayerNorm, BatchNorm1d, Dropout, Identity or an activation");
        };
    }

    private static Layer function(
            Described layer, ElementFunction.Kind kind, float alpha, float beta) {
        return new RowLayer.Elementwise(
                layer.name(), layer.torchKind(), List.of(ElementFunction.of(kind, alpha, beta)));
    }

    private Layer batchNorm(Described layer) {
        float[] mean = layer.values("running_mean");
        int features = mean.length;
        float[] variance = layer.values("running_var");
        float[] gamma = layer.vectorOr("weight", features, 1).values();
        float[] beta = layer.vectorOr("bias", features, 0).values();
        return BatchNormalization.of(
                layer.name(),
                gamma,
                beta,
                mean,
                variance,
                layer.number("eps", 1e-5),
                4L * features);
    }
}
