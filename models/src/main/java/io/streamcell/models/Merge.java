package io.streamcell.models;

import java.util.List;

/**
 * Combines values of one shape element by element, from the first input to the last. A static value
 * beside timed ones is the same at every timestep.
 */
public record Merge(String name, Operation operation) implements Layer {
    /** How two elements become one. */
    public enum Operation {
        ADD("Add");

        private final String kind;

        Operation(String kind) {
            this.kind = kind;
        }
    }

    @Override
    public String kind() {
        return operation.kind;
    }

    @Override
    public List<Shape> outputs(List<Shape> inputs) {
        Shape result = inputs.get(0);
        for (Shape input : inputs) {
            if (!input.dims().equals(result.dims())) {
                throw new UnsupportedModelException(
                        "layer %s must combine values of one shape, got %s"
                                .formatted(name, inputs));
            }
            result = input.timed() ? input : result;
        }
        return List.of(result);
    }

    @Override
    public void describe(CanonicalForm form) {
        form.text("merge").text(operation.kind);
    }
}
