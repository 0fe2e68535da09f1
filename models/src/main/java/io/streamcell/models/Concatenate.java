package io.streamcell.models;

import java.util.List;

/** Puts the last dimensions of its inputs one after another. */
public record Concatenate(String name) implements Layer {
    @Override
    public String kind() {
        return "Concatenate";
    }

    @Override
    public List<Shape> outputs(List<Shape> inputs) {
        Shape first = inputs.get(0);
        int features = 0;
        for (Shape input : inputs) {
            if (input.dims().isEmpty()
                    || input.timed() != first.timed()
                    || !input.withFeatures(1).dims().equals(first.withFeatures(1).dims())) {
                throw new UnsupportedModelException(
                        "layer %s must concatenate values that differ in the last dimension alone, got %s"
                                .formatted(name, inputs));
            }
            features += input.features();
        }
        return List.of(first.withFeatures(features));
    }

    @Override
    public void describe(CanonicalForm form) {
        form.text("concatenate");
    }
}
