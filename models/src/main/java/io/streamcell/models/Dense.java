package io.streamcell.models;

import java.util.List;

/**
 * {@code activation(xW + b)} over the last dimension.
 *
 * @param weights {@code [features, units]}
 * @param bias {@code [units]}; zeros where the layer has none
 */
public record Dense(String name, Weights weights, Weights bias, Activation activation)
        implements Layer {
    public Dense {
        CellShapes.check("layer " + name + ": bias", bias, 1, weights.columns());
    }

    public int units() {
        return weights.columns();
    }

    @Override
    public String kind() {
        return "Dense";
    }

    @Override
    public List<Shape> outputs(List<Shape> inputs) {
        Shape input = inputs.get(0);
        if (input.dims().isEmpty() || input.features() != weights.rows()) {
            throw new UnsupportedModelException(
                    "layer %s must read %d features as its weights do, got %s"
                            .formatted(name, weights.rows(), input));
        }
        return List.of(Activate.shape(name, activation, input.withFeatures(units())));
    }

    @Override
    public long parameters() {
        return (long) weights.count() + bias.count();
    }

    @Override
    public void describe(CanonicalForm form) {
        form.text("dense").weights(weights).weights(bias).text(activation.keras());
    }
}
