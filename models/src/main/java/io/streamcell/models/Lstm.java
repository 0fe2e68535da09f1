package io.streamcell.models;

import java.util.List;

/**
 * LSTM: {@code z = xW + hR + b; c' = f*c + i*g(z_c); h' = o*g(c')}, gates in the order i, f, c, o,
 * as in Keras LSTMCell (Hochreiter and Schmidhuber 1997, forget gate of Gers et al. 2000).
 *
 * @param activation g
 * @param recurrentActivation of i, f and o
 * @param inputWeights {@code [features, 4*units]}
 * @param recurrentWeights {@code [units, 4*units]}
 * @param bias {@code [4*units]}; zeros where the layer has none
 */
public record Lstm(
        int features,
        int units,
        Activation activation,
        Activation recurrentActivation,
        Weights inputWeights,
        Weights recurrentWeights,
        Weights bias)
        implements Cell {
    public Lstm {
        CellShapes.check("LSTM", features, units, 4, inputWeights, recurrentWeights);
        CellShapes.check("LSTM bias", bias, 1, 4 * units);
    }

    @Override
    public List<Integer> stateSizes() {
        return List.of(units, units);
    }

    @Override
    public long parameters() {
        return (long) inputWeights.count() + recurrentWeights.count() + bias.count();
    }

    @Override
    public String kind() {
        return "LSTM";
    }

    @Override
    public void describe(CanonicalForm form) {
        form.text("lstm").text(activation.keras()).text(recurrentActivation.keras());
        form.weights(inputWeights).weights(recurrentWeights).weights(bias);
    }
}
