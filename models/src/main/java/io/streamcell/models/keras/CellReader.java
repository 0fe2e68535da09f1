package io.streamcell.models.keras;

import io.streamcell.models.Activation;
import io.streamcell.models.Cell;
import io.streamcell.models.Gru;
import io.streamcell.models.Lstm;
import io.streamcell.models.SimpleRnn;
import io.streamcell.models.UnsupportedModelException;
import io.streamcell.models.Weights;

/**
 * Makes a cell of its saved configuration and weights: 0 input weights, 1 recurrent weights, 2
 * bias.
 */
final class CellReader {
    private final WeightFile weights;

    CellReader(WeightFile weights) {
        this.weights = weights;
    }

    /**
     * Makes the cell.
     *
     * @param kind LSTMCell, GRUCell or SimpleRNNCell
     * @param config of the cell, or of the layer that has its properties
     * @param path of the cell's group of weights
     */
    Cell read(String kind, LayerConfig config, String path, int features) {
        return switch (kind) {
            case "LSTMCell" -> lstm(config, path, features);
            case "GRUCell" -> gru(config, path, features);
            case "SimpleRNNCell" -> simpleRnn(config, path, features);
            default ->
                    throw new UnsupportedModelException(
                            "layer %s: its cell must be LSTMCell, GRUCell, SimpleRNNCell or a stack of them, got %s"
                                    .formatted(config.name(), kind));
        };
    }

    private Cell lstm(LayerConfig config, String path, int features) {
        int units = config.positive("units");
        return new Lstm(
                features,
                units,
                activation(config, "activation"),
                activation(config, "recurrent_activation"),
                weights.matrix(path + "/vars/0", features, 4 * units),
                weights.matrix(path + "/vars/1", units, 4 * units),
                bias(config, path, 4 * units));
    }

    private Cell gru(LayerConfig config, String path, int features) {
        int units = config.positive("units");
        boolean resetAfter = config.flag("reset_after", true);
        Weights bias =
                !resetAfter
                        ? bias(config, path, 3 * units)
                        : config.flag("use_bias", true)
                                ? weights.matrix(path + "/vars/2", 2, 3 * units)
                                : Weights.matrix(2, 3 * units, new float[6 * units]);
        return new Gru(
                features,
                units,
                resetAfter,
                activation(config, "activation"),
                activation(config, "recurrent_activation"),
                weights.matrix(path + "/vars/0", features, 3 * units),
                weights.matrix(path + "/vars/1", units, 3 * units),
                bias);
    }

    private Cell simpleRnn(LayerConfig config, String path, int features) {
        int units = config.positive("units");
        return new SimpleRnn(
                features,
                units,
                activation(config, "activation"),
                weights.matrix(path + "/vars/0", features, units),
                weights.matrix(path + "/vars/1", units, units),
                bias(config, path, units));
    }

    private Weights bias(LayerConfig config, String path, int count) {
        return config.flag("use_bias", true)
                ? weights.vector(path + "/vars/2", count)
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
