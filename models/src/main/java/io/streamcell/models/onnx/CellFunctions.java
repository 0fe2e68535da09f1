package io.streamcell.models.onnx;

import io.streamcell.models.Activation;
import io.streamcell.models.ElementFunction;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/** The activation functions of a recurrent operator, in ONNX's order: f, g, h. */
final class CellFunctions {
    private CellFunctions() {}

    /**
     * Reads the lists of all directions; alpha and beta go to those functions that take them, in
     * order.
     *
     * @param names of the functions where the node names none
     * @return for each direction its functions, each one or more steps
     */
    static List<List<List<ElementFunction>>> read(
            OnnxNode node, int directions, List<String> names) {
        List<String> given = node.texts("activations");
        List<String> all = new ArrayList<>(given);
        for (int k = 0; k < directions && given.isEmpty(); k++) {
            all.addAll(names);
        }
        if (all.size() != directions * names.size()) {
            throw node.refused(
                    "activations", given, "%d functions".formatted(directions * names.size()));
        }
        Iterator<Float> alphas = node.numbers("activation_alpha").iterator();
        Iterator<Float> betas = node.numbers("activation_beta").iterator();
        List<List<List<ElementFunction>>> read = new ArrayList<>();
        for (int k = 0; k < directions; k++) {
            List<List<ElementFunction>> functions = new ArrayList<>();
            for (String name : all.subList(k * names.size(), (k + 1) * names.size())) {
                functions.add(function(node, name, alphas, betas));
            }
            read.add(functions);
        }
        return read;
    }

    private static List<ElementFunction> function(
            OnnxNode node, String name, Iterator<Float> alphas, Iterator<Float> betas) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "sigmoid" -> one(Activation.SIGMOID);
            case "tanh" -> one(Activation.TANH);
            case "relu" -> one(Activation.RELU);
            case "softsign" -> one(Activation.SOFTSIGN);
            case "softplus" -> one(Activation.SOFTPLUS);
            case "affine" ->
                    List.of(
                            ElementLayers.scaled(
                                    given(node, name, alphas), given(node, name, betas)));
            case "leakyrelu" -> ElementLayers.leaky(next(alphas, 0.01f));
            case "thresholdedrelu" -> ElementLayers.above(given(node, name, alphas));
            case "elu" -> ElementLayers.elu(next(alphas, 1));
            case "scaledtanh" ->
                    ElementLayers.scaledTanh(given(node, name, alphas), given(node, name, betas));
            case "hardsigmoid" -> ElementLayers.hardSigmoid(next(alphas, 0.2f), next(betas, .5f));
            default ->
                    throw node.refused(
                            "activations",
                            name,
                            "Sigmoid, Tanh, Relu, Affine, LeakyRelu, ThresholdedRelu, ScaledTanh, HardSigmoid, Elu, Softsign or Softplus");
        };
    }

    private static List<ElementFunction> one(Activation activation) {
        return List.of(ElementFunction.of(activation));
    }

    private static float next(Iterator<Float> values, float otherwise) {
        return values.hasNext() ? values.next() : otherwise;
    }

    /** Of these functions, ONNX and ONNX Runtime take different values where none is given. */
    private static float given(OnnxNode node, String name, Iterator<Float> values) {
        if (!values.hasNext()) {
            throw node.refused("activation_alpha and activation_beta", "none", "given for " + name);
        }
        return values.next();
    }

    /** The activation that a function is, or null if a cell must put it together. */
    static Activation plain(List<ElementFunction> functions) {
        boolean one =
                functions.size() == 1 && functions.get(0).kind() == ElementFunction.Kind.ACTIVATION;
        return one ? functions.get(0).activation() : null;
    }
}
