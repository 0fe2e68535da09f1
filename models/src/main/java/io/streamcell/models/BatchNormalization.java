package io.streamcell.models;

import java.util.List;

/**
 * {@code fma(x, scale, shift)} over the last dimension. Scale and shift are taken once, when the
 * model is read, in float64: {@code gamma / sqrt(variance + epsilon)} and {@code beta -
 * mean*scale}, each rounded once.
 *
 * @param scale {@code [features]}
 * @param shift {@code [features]}
 * @param parameters how many values the saved layer holds
 */
public record BatchNormalization(String name, Weights scale, Weights shift, long parameters)
        implements Layer {
    public BatchNormalization {
        CellShapes.check("layer " + name + ": shift", shift, 1, scale.columns());
    }

    /** The layer of the statistics and the scale that a model holds, each {@code [features]}. */
    public static BatchNormalization of(
            String name,
            float[] gamma,
            float[] beta,
            float[] mean,
            float[] variance,
            double epsilon,
            long parameters) {
        float[] scale = new float[gamma.length];
        float[] shift = new float[gamma.length];
        for (int k = 0; k < gamma.length; k++) {
            double exact = gamma[k] / Math.sqrt(variance[k] + epsilon);
            scale[k] = (float) exact;
            shift[k] = (float) (beta[k] - mean[k] * exact);
        }
        return new BatchNormalization(
                name, Weights.vector(scale), Weights.vector(shift), parameters);
    }

    @Override
    public String kind() {
        return "BatchNormalization";
    }

    @Override
    public List<Shape> outputs(List<Shape> inputs) {
        LayerNormalization.checkFeatures(name, inputs.get(0), scale.columns());
        return List.of(inputs.get(0));
    }

    @Override
    public void describe(CanonicalForm form) {
        form.text("batch-normalization").weights(scale).weights(shift);
    }
}
