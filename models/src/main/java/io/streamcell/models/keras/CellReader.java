package io.streamcell.models.keras;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamcell.models.Activation;
import io.streamcell.models.Cell;
import io.streamcell.models.Gru;
import io.streamcell.models.Lstm;
import io.streamcell.models.SimpleRnn;
import io.streamcell.models.Weights;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a cell of its saved configuration and weights: 0 input weights, 1 recurrent weights, 2
 * bias.
 */
final class CellReader {
    private CellReader() {}

    /** The cells of a recurrent layer, lowest first. */
    static List<Cell> cells(LayerConfig layer, LayerWeights weights, int features) {
        if (!layer.kind().equals("RNN")) {
            return List.of(cell(layer.kind() + "Cell", layer, weights.child("cell"), features));
        }
        LayerConfig cell = layer.inner("cell");
        return stack(cell, weights.child("cell"), features);
    }

    private static List<Cell> stack(LayerConfig cell, LayerWeights weights, int features) {
        if (!cell.kind().equals("StackedRNNCells")) {
            return List.of(cell(cell.kind(), cell, weights, features));
        }
        List<LayerConfig> saved = new ArrayList<>();
        for (JsonNode inner : cell.config().path("cells")) {
            saved.add(LayerConfig.of(inner, "every cell of layer " + cell.name()));
        }
        List<LayerWeights> groups = weights.children("cells", saved);
        List<Cell> stack = new ArrayList<>();
        int width = features;
        for (int k = 0; k < saved.size(); k++) {
            stack.addAll(stack(saved.get(k), groups.get(k), width));
            width = stack.get(stack.size() - 1).units();
        }
        return stack;
    }

    /**
     * Makes the cell.
     *
     * @param kind LSTMCell, GRUCell, SimpleRNNCell, or a registered name
     * @param config of the cell, or of the layer that has its properties
     */
    private static Cell cell(String kind, LayerConfig config, LayerWeights weights, int features) {
        return switch (kind) {
            case "LSTMCell" -> lstm(config, weights, features);
            case "GRUCell" -> gru(config, weights, features);
            case "SimpleRNNCell" -> simpleRnn(config, weights, features);
            case "streamcell>LSTMVariantCell" -> LstmVariants.read(config, weights, features);
            case "streamcell>MutCell" -> Variants.mut(config, weights, features);
            case "streamcell>DepthGatedLSTMCells" -> Variants.depthGated(config, weights, features);
            case "streamcell>ClockworkCell" -> Variants.clockwork(config, weights, features);
            default -> CustomCells.read(kind, config, weights, features);
        };
    }

    private static Cell lstm(LayerConfig config, LayerWeights weights, int features) {
        int units = config.positive("units");
        return new Lstm(
                features,
                units,
                activation(config, "activation"),
                activation(config, "recurrent_activation"),
                weights.matrix(0, features, 4 * units),
                weights.matrix(1, units, 4 * units),
                bias(config, weights, 4 * units));
    }

    private static Cell gru(LayerConfig config, LayerWeights weights, int features) {
        int units = config.positive("units");
        boolean resetAfter = config.flag("reset_after", true);
        Weights input = weights.matrix(0, features, 3 * units);
        Weights recurrent = weights.matrix(1, units, 3 * units);
        Weights bias =
                !resetAfter
                        ? bias(config, weights, 3 * units)
                        : config.flag("use_bias", true)
                                ? weights.matrix(2, 2, 3 * units)
                                : Weights.matrix(2, 3 * units, new float[6 * units]);
        return new Gru(
                features,
                units,
                resetAfter,
                activation(config, "activation"),
                activation(config, "recurrent_activation"),
                input,
                recurrent,
                bias);
    }

    private static Cell simpleRnn(LayerConfig config, LayerWeights weights, int features) {
        int units = config.positive("units");
        return new SimpleRnn(
                features,
                units,
                activation(config, "activation"),
                weights.matrix(0, features, units),
                weights.matrix(1, units, units),
                bias(config, weights, units));
    }

    private static Weights bias(LayerConfig config, LayerWeights weights, int count) {
        return config.flag("use_bias", true)
                ? weights.vector(2, count)
                : Weights.vector(new float[count]);
    }

    private static Activation activation(LayerConfig config, String property) {
        Activation activation = config.activation(property);
        if (activation == Activation.GLU) {
            throw config.refused(property, "glu", "one that keeps the width");
        }
        return activation;
    }
}
