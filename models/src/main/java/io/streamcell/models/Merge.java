package io.streamcell.models;

import java.util.ArrayList;
import java.util.List;

/**
 * Combines values element by element, from the first input to the last. A static value beside timed
 * ones is the same at every timestep; a dimension of 1, or one that is not there, is repeated.
 */
public record Merge(String name, Operation operation) implements Layer {
    /** How two elements become one. */
    public enum Operation {
        ADD("Add"),
        SUBTRACT("Subtract"),
        MULTIPLY("Multiply"),
        /** {@code x / y}. */
        DIVIDE("Divide"),
        /** The sum, divided by how many there are. */
        AVERAGE("Average"),
        /** {@code x < y ? y : x}. */
        MAXIMUM("Maximum"),
        /** {@code y < x ? y : x}. */
        MINIMUM("Minimum");

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
        int axis = Shape.STATIC;
        List<Integer> dims = List.of();
        for (Shape input : inputs) {
            axis = axis == Shape.STATIC ? input.axis() : axis;
            dims = broadcast(dims, input.dims(), inputs);
        }
        return List.of(new Shape(axis, dims));
    }

    private List<Integer> broadcast(List<Integer> left, List<Integer> right, List<Shape> inputs) {
        List<Integer> dims = new ArrayList<>();
        int rank = Math.max(left.size(), right.size());
        for (int k = 0; k < rank; k++) {
            int x = k < rank - left.size() ? 1 : left.get(k - rank + left.size());
            int y = k < rank - right.size() ? 1 : right.get(k - rank + right.size());
            if (x != y && x != 1 && y != 1) {
                throw new UnsupportedModelException(
                        "layer %s must combine values of one shape, got %s"
                                .formatted(name, inputs));
            }
            dims.add(Math.max(x, y));
        }
        return dims;
    }

    @Override
    public void describe(CanonicalForm form) {
        form.text("merge").text(operation.kind);
    }
}
