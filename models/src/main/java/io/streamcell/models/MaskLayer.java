package io.streamcell.models;

import java.util.List;

/**
 * A layer that makes masks: one value a timestep, 1 where the timestep counts and 0 where it is to
 * be skipped.
 */
public sealed interface MaskLayer extends Layer {
    /** 1 where some value of a row is not {@code value}. */
    record Differs(String name, String kind, float value) implements MaskLayer {
        @Override
        public List<Shape> outputs(List<Shape> inputs) {
            return List.of(new Shape(inputs.get(0).axis(), List.of()));
        }

        @Override
        public void describe(CanonicalForm form) {
            form.text("differs").number(value);
        }
    }

    /** 1 for every value that is not {@code value}, or that is. */
    record Compare(String name, float value, boolean equal) implements MaskLayer {
        @Override
        public String kind() {
            return equal ? "Equal" : "NotEqual";
        }

        @Override
        public List<Shape> outputs(List<Shape> inputs) {
            return List.of(inputs.get(0));
        }

        @Override
        public void describe(CanonicalForm form) {
            form.text(equal ? "equal" : "not-equal").number(value);
        }
    }

    /** Rows of the first input where the second, a mask, has 1, else one value everywhere. */
    record Blank(String name, String kind, float value) implements MaskLayer {
        @Override
        public List<Shape> outputs(List<Shape> inputs) {
            return List.of(inputs.get(0));
        }

        @Override
        public void describe(CanonicalForm form) {
            form.text("blank").number(value);
        }
    }

    /** Rows of the first input where the third, a mask, has 1, else those of the second. */
    record Choose(String name) implements MaskLayer {
        @Override
        public String kind() {
            return "Mask";
        }

        @Override
        public List<Shape> outputs(List<Shape> inputs) {
            Shape first = inputs.get(0);
            if (!first.dims().equals(inputs.get(1).dims())) {
                throw new UnsupportedModelException(
                        "layer %s must combine masked values of one shape, got %s"
                                .formatted(name, inputs));
            }
            return List.of(first.timed() ? first : inputs.get(1));
        }

        @Override
        public void describe(CanonicalForm form) {
            form.text("choose");
        }
    }

    /** 1 where one of several masks has 1. */
    record Join(String name) implements MaskLayer {
        @Override
        public String kind() {
            return "Mask";
        }

        @Override
        public List<Shape> outputs(List<Shape> inputs) {
            return List.of(inputs.get(0));
        }

        @Override
        public void describe(CanonicalForm form) {
            form.text("mask-any");
        }
    }
}
