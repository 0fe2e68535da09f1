package io.streamcell.models.onnx;

import io.streamcell.models.Activation;
import io.streamcell.models.ElementFunction;
import io.streamcell.models.Merge;
import io.streamcell.models.onnx.Value.Data;
import java.util.List;
import java.util.Set;

/** Operators of one value, element by element. */
final class ElementOperators {
    static final Set<String> TYPES =
            Set.of(
                    "Relu",
                    "LeakyRelu",
                    "Elu",
                    "Selu",
                    "Celu",
                    "ThresholdedRelu",
                    "Sigmoid",
                    "HardSigmoid",
                    "HardSwish",
                    "Tanh",
                    "Softplus",
                    "Softsign",
                    "Gelu",
                    "Mish",
                    "Swish",
                    "Exp",
                    "Clip",
                    "Neg",
                    "Not",
                    "Abs",
                    "Sqrt",
                    "Reciprocal");

    private static final float SELU_ALPHA = 1.6732632f;

    private static final float SELU_GAMMA = 1.050701f;

    private ElementOperators() {}

    static List<Value> read(OnnxNode node, Evaluation graph) {
        Value value = graph.value(node, 0);
        if (!(value instanceof Data data)) {
            return List.of(Folding.folded(node, value));
        } else if (node.type().equals("Abs")) {
            return List.of(absolute(node, graph, data));
        }
        List<ElementFunction> functions = functions(node, graph);
        int tensor = graph.layers().add(data.tensor(), () -> ElementLayers.layer(node, functions));
        return List.of(new Data(tensor, data.axes()));
    }

    private static Data absolute(OnnxNode node, Evaluation graph, Data data) {
        int negative = graph.layers().add(data.tensor(), () -> ElementLayers.scale(node, -1, 0));
        int tensor =
                graph.layers()
                        .add(
                                List.of(data.tensor(), negative),
                                () -> new Merge(node.name(), Merge.Operation.MAXIMUM));
        return new Data(tensor, data.axes());
    }

    private static List<ElementFunction> functions(OnnxNode node, Evaluation graph) {
        return switch (node.type()) {
            case "Relu" -> one(Activation.RELU);
            case "Sigmoid" -> one(Activation.SIGMOID);
            case "Tanh" -> one(Activation.TANH);
            case "Softplus" -> one(Activation.SOFTPLUS);
            case "Softsign" -> one(Activation.SOFTSIGN);
            case "Exp" -> one(Activation.EXPONENTIAL);
            case "Mish" -> one(Activation.MISH);
            case "HardSwish" -> one(Activation.HARD_SILU);
            case "LeakyRelu" -> ElementLayers.leaky(node.number("alpha", 0.01f));
            case "ThresholdedRelu" -> ElementLayers.above(node.number("alpha", 1));
            case "Elu" -> ElementLayers.elu(node.number("alpha", 1));
            case "Celu" -> celu(node.number("alpha", 1));
            case "Selu" -> selu(node);
            case "HardSigmoid" ->
                    ElementLayers.hardSigmoid(node.number("alpha", 0.2f), node.number("beta", .5f));
            case "Clip" -> List.of(clip(node, graph));
            case "Neg" -> List.of(ElementLayers.scaled(-1, 0));
            case "Gelu" -> {
                if (!node.text("approximate", "none").equals("none")) {
                    throw node.refused("approximate", node.text("approximate", ""), "none");
                }
                yield one(Activation.GELU);
            }
            case "Swish" -> {
                if (node.number("alpha", 1) != 1) {
                    throw node.refused("alpha", node.number("alpha", 1), "1");
                }
                yield one(Activation.SILU);
            }
            default -> throw node.refused("its input", "computed", "a constant");
        };
    }

    private static List<ElementFunction> one(Activation activation) {
        return List.of(ElementFunction.of(activation));
    }

    private static List<ElementFunction> celu(float alpha) {
        return alpha == 1
                ? one(Activation.CELU)
                : List.of(
                        ElementLayers.scaled(1 / alpha, 0),
                        ElementFunction.of(Activation.ELU),
                        ElementLayers.scaled(alpha, 0));
    }

    private static List<ElementFunction> selu(OnnxNode node) {
        float alpha = node.number("alpha", SELU_ALPHA);
        float gamma = node.number("gamma", SELU_GAMMA);
        return alpha == SELU_ALPHA && gamma == SELU_GAMMA
                ? one(Activation.SELU)
                : List.of(
                        ElementFunction.of(ElementFunction.Kind.ELU, alpha, 0),
                        ElementLayers.scaled(gamma, 0));
    }

    private static ElementFunction clip(OnnxNode node, Evaluation graph) {
        float least = bound(node, graph, "min", 1, Float.NEGATIVE_INFINITY);
        float most = bound(node, graph, "max", 2, Float.POSITIVE_INFINITY);
        return ElementLayers.clip(least, most);
    }

    private static float bound(
            OnnxNode node, Evaluation graph, String name, int k, float otherwise) {
        if (graph.optional(node, k) == null) {
            return node.number(name, otherwise);
        }
        return (float) graph.constant(node, k).value(0);
    }
}
