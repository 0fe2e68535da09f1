package io.streamcell.models;

import java.util.List;

/**
 * Normalizes the last dimension of each row to mean 0 and variance 1, then scales and shifts it (Ba
 * et al. 2016, arXiv 1607.06450).
 *
 * @param gamma {@code [features]}; ones where the layer has none
 * @param beta {@code [features]}; zeros where the layer has none
 * @param parameters how many values the saved layer holds
 */
public record LayerNormalization(
        String name, float epsilon, Weights gamma, Weights beta, long parameters) implements Layer {
    public LayerNormalization {
        CellShapes.check("layer " + name + ": beta", beta, 1, gamma.columns());
    }

    @Override
    public String kind() {
        return "LayerNormalization";
    }

    @Override
    public List<Shape> outputs(List<Shape> inputs) {
        checkFeatures(name, inputs.get(0), gamma.columns());
        return List.of(inputs.get(0));
    }

    @Override
    public void describe(CanonicalForm form) {
        form.text("layer-normalization").number(epsilon).weights(gamma).weights(beta);
    }

    static void checkFeatures(String layer, Shape input, int features) {
        if (input.dims().isEmpty() || input.features() != features) {
            throw new UnsupportedModelException(
                    "layer %s must read %d features as its weights do, got %s"
                            .formatted(layer, features, input));
        }
    }
}
