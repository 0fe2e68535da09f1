package io.streamcell.kernels.cuda;

import io.streamcell.models.Activation;
import io.streamcell.models.Cell;
import io.streamcell.models.Gru;
import io.streamcell.models.Lstm;
import io.streamcell.models.SimpleRnn;
import io.streamcell.models.Weights;
import java.util.List;
import java.util.Random;

/** LSTM, GRU, GRU with reset before, and SimpleRNN, as Keras makes them. */
final class KerasCells {
    private KerasCells() {}

    /** Cells with the activations that Keras gives them, and weights that saturate no unit. */
    static List<Cell> of(int features, int units) {
        Random random = new Random(units);
        return List.of(
                new Lstm(
                        features,
                        units,
                        Activation.TANH,
                        Activation.SIGMOID,
                        weights(random, features, 4 * units, features + units),
                        weights(random, units, 4 * units, features + units),
                        weights(random, 1, 4 * units, 100)),
                gru(random, features, units, true),
                gru(random, features, units, false),
                new SimpleRnn(
                        features,
                        units,
                        Activation.TANH,
                        weights(random, features, units, features + units),
                        weights(random, units, units, features + units),
                        weights(random, 1, units, 100)));
    }

    private static Gru gru(Random random, int features, int units, boolean resetAfter) {
        return new Gru(
                features,
                units,
                resetAfter,
                Activation.TANH,
                Activation.SIGMOID,
                weights(random, features, 3 * units, features + units),
                weights(random, units, 3 * units, features + units),
                weights(random, resetAfter ? 2 : 1, 3 * units, 100));
    }

    private static Weights weights(Random random, int rows, int columns, int inputs) {
        float[] values = new float[rows * columns];
        for (int k = 0; k < values.length; k++) {
            values[k] = (float) (random.nextGaussian() / Math.sqrt(inputs));
        }
        return Weights.matrix(rows, columns, values);
    }
}
