package io.streamcell.models;

import java.util.List;

/**
 * GRU, gates in the order z, r, h, as in Keras GRUCell (Cho et al. 2014). With {@code resetAfter}
 * the candidate is {@code g(xW_h + b_ih + r*(hR_h + b_rh))}, else {@code g(xW_h + (r*h)R_h + b_h)};
 * {@code h' = z*h + (1-z)*n}.
 *
 * @param inputWeights {@code [features, 3*units]}
 * @param recurrentWeights {@code [units, 3*units]}
 * @param bias {@code [2, 3*units]}, input row then recurrent row, with {@code resetAfter}; else
 *     {@code [1, 3*units]}; zeros where the layer has none
 */
public record Gru(
        int features,
        int units,
        boolean resetAfter,
        Activation activation,
        Activation recurrentActivation,
        Weights inputWeights,
        Weights recurrentWeights,
        Weights bias)
        implements Cell {
    public Gru {
        CellShapes.check("GRU", features, units, 3, inputWeights, recurrentWeights);
        CellShapes.check("GRU bias", bias, resetAfter ? 2 : 1, 3 * units);
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
        return "GRU";
    }

    @Override
    public void describe(CanonicalForm form) {
        form.text(resetAfter ? "gru" : "gru-reset-before");
        form.text(activation.keras()).text(recurrentActivation.keras());
        form.weights(inputWeights).weights(recurrentWeights).weights(bias);
    }
}
