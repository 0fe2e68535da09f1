package io.streamcell.models.keras;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamcell.models.BatchNormalization;
import io.streamcell.models.Layer;
import io.streamcell.models.LayerNormalization;
import io.streamcell.models.RowLayer;
import io.streamcell.models.Shape;
import io.streamcell.models.Weights;
import java.util.Arrays;

/** Layers that normalize the last dimension. */
final class NormalizationReader {
    /** As keras.backend.epsilon(): no deviation is less. */
    private static final float LEAST_DEVIATION = 1e-7f;

    private NormalizationReader() {}

    /**
     * The layer, or null if it is none of these.
     *
     * @param rank axes of the input with the batch
     */
    static Layer read(LayerConfig config, LayerWeights weights, Shape input, int rank) {
        return switch (config.kind()) {
            case "BatchNormalization" -> batchNormalization(config, weights, input, rank);
            case "LayerNormalization" -> layerNormalization(config, weights, input, rank);
            case "UnitNormalization" -> {
                config.lastAxis(rank);
                yield new RowLayer.Norm(config.name(), config.kind(), 1e-12f, null, false);
            }
            case "RMSNormalization" -> {
                config.lastAxis(rank);
                float epsilon = (float) config.number("epsilon", 1e-6);
                Weights scale = weights.vector(0, input.features());
                yield new RowLayer.Norm(config.name(), config.kind(), epsilon, scale, false);
            }
            case "Normalization" -> normalization(config, weights, input, rank);
            default -> null;
        };
    }

    private static Layer batchNormalization(
            LayerConfig config, LayerWeights weights, Shape input, int rank) {
        config.lastAxis(rank);
        int features = input.features();
        int next = 0;
        float[] gamma =
                config.flag("scale", true) ? weights.read(next++, features) : ones(features);
        float[] beta =
                config.flag("center", true) ? weights.read(next++, features) : new float[features];
        float[] mean = weights.read(next++, features);
        float[] variance = weights.read(next++, features);
        return BatchNormalization.of(
                config.name(),
                gamma,
                beta,
                mean,
                variance,
                config.number("epsilon"),
                (long) next * features);
    }

    private static Layer layerNormalization(
            LayerConfig config, LayerWeights weights, Shape input, int rank) {
        config.lastAxis(rank);
        int features = input.features();
        float epsilon = (float) config.number("epsilon");
        int next = 0;
        if (config.flag("rms_scaling", false)) {
            Weights scale = weights.vector(0, features);
            return new RowLayer.Norm(config.name(), config.kind(), epsilon, scale, true);
        }
        float[] gamma =
                config.flag("scale", true) ? weights.read(next++, features) : ones(features);
        float[] beta =
                config.flag("center", true) ? weights.read(next++, features) : new float[features];
        return new LayerNormalization(
                config.name(),
                epsilon,
                Weights.vector(gamma),
                Weights.vector(beta),
                (long) next * features);
    }

    private static Layer normalization(
            LayerConfig config, LayerWeights weights, Shape input, int rank) {
        int features = input.features();
        boolean scalar = config.config().path("axis").isNull();
        if (!scalar) {
            config.lastAxis(rank);
        }
        int[] shape = scalar ? new int[0] : new int[] {features};
        boolean given = config.config().hasNonNull("mean");
        float[] mean =
                given ? numbers(config.config().path("mean"), config) : weights.read(0, shape);
        float[] variance =
                given ? numbers(config.config().path("variance"), config) : weights.read(1, shape);
        float[] deviation = new float[features];
        float[] means = new float[features];
        for (int k = 0; k < features; k++) {
            means[k] = mean[k % mean.length];
            float root = (float) Math.sqrt(variance[k % variance.length]);
            deviation[k] = root < LEAST_DEVIATION ? LEAST_DEVIATION : root;
        }
        return new RowLayer.Standardize(
                config.name(),
                Weights.vector(means),
                Weights.vector(deviation),
                config.flag("invert", false));
    }

    private static float[] numbers(JsonNode list, LayerConfig config) {
        JsonNode flat = list;
        while (flat.isArray() && flat.size() == 1 && flat.get(0).isArray()) {
            flat = flat.get(0);
        }
        if (flat.isNumber()) {
            return new float[] {(float) flat.asDouble()};
        }
        float[] numbers = new float[flat.size()];
        for (int k = 0; k < numbers.length; k++) {
            if (!flat.get(k).isNumber()) {
                throw config.refused("mean", LayerConfig.shortened(list), "a list of numbers");
            }
            numbers[k] = (float) flat.get(k).asDouble();
        }
        if (numbers.length == 0) {
            throw config.refused("mean", LayerConfig.shortened(list), "a number or a list of them");
        }
        return numbers;
    }

    private static float[] ones(int count) {
        float[] ones = new float[count];
        Arrays.fill(ones, 1);
        return ones;
    }
}
