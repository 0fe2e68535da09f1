package io.streamcell.models;

import java.util.List;

/**
 * SimpleRNN: {@code h' = g(xW + hR + b)}, as in Keras SimpleRNNCell (Elman 1990).
 *
 * @param inputWeights {@code [features, units]}
 * @param recurrentWeights {@code [units, units]}
 * @param bias {@code [units]}; zeros where the layer has none
 */
public record SimpleRnn(
        int features,
        int units,
        Activation activation,
        Weights inputWeights,
        Weights recurrentWeights,
        Weights bias)
        implements Cell {
    public SimpleRnn {
        CellShapes.check("SimpleRNN", features, units, 1, inputWeights, recurrentWeights);
        CellShapes.check("SimpleRNN bias", bias, 1, units);
    }

    @Override
    public List<Integer> stateSizes() {
        return List.of(units);
    }

    @Override
    public long parameters() {
        return (long) inputWeights.count() + recurrentWeights.count() + bias.count();
    }

    @Override
    public String kind() {
        return "SimpleRNN";
    }

    @Override
    public void describe(CanonicalForm form) {
        form.text("simple-rnn").text(activation.keras());
        form.weights(inputWeights).weights(recurrentWeights).weights(bias);
    }
}
