package io.streamcell.models;

import java.util.ArrayList;
import java.util.List;

/** A layer that looks at one row (a timestep, or the one row of a static value) at a time. */
public sealed interface RowLayer extends Layer {
    /** Functions of every value, one after another. */
    record Elementwise(String name, String kind, List<ElementFunction> functions)
            implements RowLayer {
        public Elementwise {
            functions = List.copyOf(functions);
        }

        @Override
        public List<Shape> outputs(List<Shape> inputs) {
            return List.of(inputs.get(0));
        }

        @Override
        public void describe(CanonicalForm form) {
            form.text("elementwise").number(functions.size());
            functions.forEach(function -> function.describe(form));
        }
    }

    /**
     * {@code x < 0 ? alpha*x : x} (He et al. 2015, arXiv 1502.01852).
     *
     * @param alpha one for every value of a row, or one for every value of the last dimension
     */
    record PRelu(String name, Weights alpha) implements RowLayer {
        @Override
        public String kind() {
            return "PReLU";
        }

        @Override
        public List<Shape> outputs(List<Shape> inputs) {
            int width = inputs.get(0).width();
            if (width % alpha.count() != 0) {
                throw new UnsupportedModelException(
                        "layer %s must read rows of %d values as its weights do, got %s"
                                .formatted(name, alpha.count(), inputs.get(0)));
            }
            return List.of(inputs.get(0));
        }

        @Override
        public long parameters() {
            return alpha.count();
        }

        @Override
        public void describe(CanonicalForm form) {
            form.text("prelu").weights(alpha);
        }
    }

    /**
     * {@code (x - mean) / deviation} over the last dimension, or {@code x*deviation + mean} where
     * it is inverted.
     *
     * @param mean {@code [features]}
     * @param deviation {@code [features]}
     */
    record Standardize(String name, Weights mean, Weights deviation, boolean inverted)
            implements RowLayer {
        @Override
        public String kind() {
            return "Normalization";
        }

        @Override
        public List<Shape> outputs(List<Shape> inputs) {
            LayerNormalization.checkFeatures(name, inputs.get(0), mean.columns());
            return List.of(inputs.get(0));
        }

        @Override
        public long parameters() {
            return 2L * mean.count() + 1;
        }

        @Override
        public void describe(CanonicalForm form) {
            form.text(inverted ? "destandardize" : "standardize").weights(mean).weights(deviation);
        }
    }

    /**
     * Divides the last dimension by its length, or by its root mean square where there is a scale
     * (Zhang and Sennrich 2019, arXiv 1910.07467), which then multiplies it.
     *
     * @param epsilon added to the mean square; without a scale the least length
     * @param scale {@code [features]}, or null
     */
    record Norm(String name, String kind, float epsilon, Weights scale, boolean centered)
            implements RowLayer {
        @Override
        public List<Shape> outputs(List<Shape> inputs) {
            if (scale != null) {
                LayerNormalization.checkFeatures(name, inputs.get(0), scale.columns());
            }
            return List.of(inputs.get(0));
        }

        @Override
        public long parameters() {
            return scale == null ? 0 : scale.count();
        }

        @Override
        public void describe(CanonicalForm form) {
            form.text("norm").number(epsilon).number(centered ? 1 : 0);
            if (scale != null) {
                form.weights(scale);
            }
        }
    }

    /**
     * The values of a row in another order or shape, or some of them.
     *
     * @param dims of a row that comes out
     * @param places of its values in the row that goes in; null for all, in their order
     */
    record Rearrange(String name, String kind, List<Integer> dims, int[] places)
            implements RowLayer {
        public Rearrange {
            dims = List.copyOf(dims);
        }

        @Override
        public List<Shape> outputs(List<Shape> inputs) {
            Shape output = new Shape(inputs.get(0).axis(), dims);
            if (places == null && output.width() != inputs.get(0).width()) {
                throw new UnsupportedModelException(
                        "layer %s must keep the %d values of a row, got dimensions %s"
                                .formatted(name, inputs.get(0).width(), dims));
            }
            return List.of(output);
        }

        @Override
        public void describe(CanonicalForm form) {
            form.text("rearrange").number(dims.size());
            dims.forEach(form::number);
            if (places != null) {
                for (int place : places) {
                    form.number(place);
                }
            }
        }
    }

    /** The place, in a row of {@code from}, of each value after its dimensions are permuted. */
    static int[] permuted(List<Integer> from, List<Integer> order) {
        int[] strides = new int[from.size()];
        int stride = 1;
        for (int k = from.size() - 1; k >= 0; k--) {
            strides[k] = stride;
            stride *= from.get(k);
        }
        List<Integer> places = new ArrayList<>(List.of(0));
        for (int dim : order) {
            List<Integer> longer = new ArrayList<>();
            for (int place : places) {
                for (int k = 0; k < from.get(dim); k++) {
                    longer.add(place + k * strides[dim]);
                }
            }
            places = longer;
        }
        return places.stream().mapToInt(Integer::intValue).toArray();
    }
}
