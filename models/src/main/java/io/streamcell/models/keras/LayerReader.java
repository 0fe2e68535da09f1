package io.streamcell.models.keras;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamcell.models.Activate;
import io.streamcell.models.BatchNormalization;
import io.streamcell.models.Cell;
import io.streamcell.models.Concatenate;
import io.streamcell.models.Dense;
import io.streamcell.models.Embedding;
import io.streamcell.models.Identity;
import io.streamcell.models.Layer;
import io.streamcell.models.LayerNormalization;
import io.streamcell.models.Merge;
import io.streamcell.models.Recurrent;
import io.streamcell.models.Shape;
import io.streamcell.models.UnsupportedModelException;
import io.streamcell.models.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Makes a layer of its saved configuration and weights. */
final class LayerReader {
    private static final Set<String> IDENTITIES =
            Set.of(
                    "Dropout",
                    "SpatialDropout1D",
                    "GaussianDropout",
                    "GaussianNoise",
                    "AlphaDropout",
                    "ActivityRegularization",
                    "Identity");

    private static final String SUPPORTED =
            "LSTM, GRU, SimpleRNN, RNN of their cells, Embedding, Dense, TimeDistributed, "
                    + "BatchNormalization, LayerNormalization, Activation, Dropout, Add, Concatenate";

    private final WeightFile weights;
    private final CellReader cells;

    LayerReader(WeightFile weights) {
        this.weights = weights;
        this.cells = new CellReader(weights);
    }

    static boolean changesNothing(String kind) {
        return IDENTITIES.contains(kind);
    }

    /**
     * Makes the layer.
     *
     * @param path of its group of weights
     * @param inputs the shapes that it reads
     */
    Layer read(LayerConfig config, String path, List<Shape> inputs) {
        Shape input = inputs.get(0);
        return switch (config.kind()) {
            case "LSTM", "GRU", "SimpleRNN" ->
                    recurrent(
                            config,
                            List.of(
                                    cells.read(
                                            config.kind() + "Cell",
                                            config,
                                            path + "/cell",
                                            input.features())));
            case "RNN" -> recurrent(config, stack(config, path, input.features()));
            case "Dense" -> dense(config, path, input.features());
            case "Embedding" -> embedding(config, path);
            case "BatchNormalization" -> batchNormalization(config, path, input);
            case "LayerNormalization" -> layerNormalization(config, path, input);
            case "TimeDistributed" -> timeDistributed(config, path, inputs);
            case "Activation" -> new Activate(config.name(), config.activation("activation"));
            case "Add" -> new Merge(config.name(), Merge.Operation.ADD);
            case "Concatenate" -> {
                config.lastAxis(rank(input));
                yield new Concatenate(config.name());
            }
            default -> {
                if (changesNothing(config.kind())) {
                    yield new Identity(config.name(), config.kind());
                }
                throw new UnsupportedModelException(
                        "layer %s: its class must be one of %s; got %s"
                                .formatted(config.name(), SUPPORTED, config.kind()));
            }
        };
    }

    private static int rank(Shape shape) {
        return shape.dims().size() + (shape.timed() ? 2 : 1);
    }

    private static Recurrent recurrent(LayerConfig config, List<Cell> cells) {
        config.mustBe("go_backwards", false);
        config.mustBe("time_major", false);
        return new Recurrent(
                config.name(),
                config.kind(),
                cells,
                config.flag("return_sequences", false),
                config.flag("return_state", false),
                config.flag("stateful", false));
    }

    private List<Cell> stack(LayerConfig config, String path, int features) {
        LayerConfig cell =
                LayerConfig.of(config.config().path("cell"), "the cell of layer " + config.name());
        if (!cell.kind().equals("StackedRNNCells")) {
            return List.of(cells.read(cell.kind(), cell, path + "/cell", features));
        }
        List<LayerConfig> saved = new ArrayList<>();
        for (JsonNode inner : cell.config().path("cells")) {
            saved.add(LayerConfig.of(inner, "every cell of layer " + config.name()));
        }
        String[] groups = WeightPaths.groups(saved);
        List<Cell> stack = new ArrayList<>();
        int width = features;
        for (int k = 0; k < groups.length; k++) {
            LayerConfig inner = saved.get(k);
            stack.add(cells.read(inner.kind(), inner, path + "/cell/cells/" + groups[k], width));
            width = stack.get(k).units();
        }
        return stack;
    }

    private Layer dense(LayerConfig config, String path, int features) {
        int units = config.positive("units");
        if (config.config().hasNonNull("lora_rank")) {
            throw config.refused("lora_rank", config.config().get("lora_rank").toString(), "null");
        }
        return new Dense(
                config.name(),
                weights.matrix(path + "/vars/0", features, units),
                config.flag("use_bias", true)
                        ? weights.vector(path + "/vars/1", units)
                        : Weights.vector(new float[units]),
                config.activation("activation"));
    }

    private Layer embedding(LayerConfig config, String path) {
        config.mustBe("mask_zero", false);
        return new Embedding(
                config.name(),
                weights.matrix(
                        path + "/vars/0",
                        config.positive("input_dim"),
                        config.positive("output_dim")));
    }

    private Layer batchNormalization(LayerConfig config, String path, Shape input) {
        config.lastAxis(rank(input));
        int features = input.features();
        float[] gamma = gamma(config, path, features);
        float[] beta = beta(config, path, features);
        int next = next(config);
        float[] mean = weights.read(path + "/vars/" + next++, features);
        float[] variance = weights.read(path + "/vars/" + next++, features);
        double epsilon = config.number("epsilon");
        float[] scale = new float[features];
        float[] shift = new float[features];
        for (int k = 0; k < features; k++) {
            double exact = gamma[k] / Math.sqrt(variance[k] + epsilon);
            scale[k] = (float) exact;
            shift[k] = (float) (beta[k] - mean[k] * exact);
        }
        return new BatchNormalization(
                config.name(),
                Weights.vector(scale),
                Weights.vector(shift),
                (long) next * features);
    }

    private Layer layerNormalization(LayerConfig config, String path, Shape input) {
        config.lastAxis(rank(input));
        config.mustBe("rms_scaling", false);
        int features = input.features();
        return new LayerNormalization(
                config.name(),
                (float) config.number("epsilon"),
                Weights.vector(gamma(config, path, features)),
                Weights.vector(beta(config, path, features)),
                (long) next(config) * features);
    }

    /**
     * Every layer here works on the last dimension, at each timestep alike, so the inner layer is
     * the layer.
     */
    private Layer timeDistributed(LayerConfig config, String path, List<Shape> inputs) {
        LayerConfig inner =
                LayerConfig.of(
                        config.config().path("layer"), "the layer inside layer " + config.name());
        boolean allowed =
                Set.of("Dense", "BatchNormalization", "LayerNormalization", "Activation")
                                .contains(inner.kind())
                        || changesNothing(inner.kind());
        if (!allowed) {
            throw config.refused(
                    "the layer inside",
                    inner.kind(),
                    "Dense, BatchNormalization, LayerNormalization, Activation or Dropout");
        }
        LayerConfig renamed = new LayerConfig(inner.kind(), config.name(), inner.config());
        return read(renamed, path + "/layer", inputs);
    }

    /** A normalization's scale, its first weights; ones where it has none. */
    private float[] gamma(LayerConfig config, String path, int features) {
        if (config.flag("scale", true)) {
            return weights.read(path + "/vars/0", features);
        }
        float[] ones = new float[features];
        Arrays.fill(ones, 1);
        return ones;
    }

    /** A normalization's shift, the weights after its scale; zeros where it has none. */
    private float[] beta(LayerConfig config, String path, int features) {
        return config.flag("center", true)
                ? weights.read(path + "/vars/" + (next(config) - 1), features)
                : new float[features];
    }

    /** The number of a normalization's weights after scale and shift. */
    private static int next(LayerConfig config) {
        return (config.flag("scale", true) ? 1 : 0) + (config.flag("center", true) ? 1 : 0);
    }
}
