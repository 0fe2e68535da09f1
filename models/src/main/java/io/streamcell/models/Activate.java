package io.streamcell.models;

import java.util.List;

/** An activation function as a layer of its own. */
public record Activate(String name, Activation activation) implements Layer {
    @Override
    public String kind() {
        return "Activation";
    }

    @Override
    public List<Shape> outputs(List<Shape> inputs) {
        return List.of(shape(name, activation, inputs.get(0)));
    }

    @Override
    public void describe(CanonicalForm form) {
        form.text("activation").text(activation.keras());
    }

    /**
     * What an activation makes of a shape: itself, but for glu, which halves the last dimension.
     */
    static Shape shape(String layer, Activation activation, Shape input) {
        if (activation.rowwise() && input.dims().isEmpty()) {
            throw new UnsupportedModelException(
                    "layer %s: %s needs a last dimension, got %s"
                            .formatted(layer, activation.keras(), input));
        }
        if (activation != Activation.GLU) {
            return input;
        }
        if (input.features() % 2 != 0) {
            throw new UnsupportedModelException(
                    "layer %s: glu needs an even last dimension, got %s".formatted(layer, input));
        }
        return input.withFeatures(input.features() / 2);
    }
}
