package io.streamcell.models;

import java.util.List;

/**
 * A cell that a user added in Java: only a provider that knows its registered name can compute it.
 *
 * @param registeredName as saved, {@code package>Class}
 * @param config its saved configuration, JSON
 * @param outputState the state tensor that repeats the output
 * @param weights its arrays in the order of saving
 */
public record CustomCell(
        String registeredName,
        String config,
        int features,
        int units,
        List<Integer> stateSizes,
        int outputState,
        List<TensorWeights> weights)
        implements Cell {
    public CustomCell {
        stateSizes = List.copyOf(stateSizes);
        weights = List.copyOf(weights);
    }

    @Override
    public long parameters() {
        return weights.stream().mapToLong(array -> array.values().length).sum();
    }

    @Override
    public String kind() {
        return registeredName;
    }

    @Override
    public void describe(CanonicalForm form) {
        form.text("custom").text(registeredName).text(config).number(features).number(units);
        form.number(stateSizes.size());
        stateSizes.forEach(form::number);
        form.number(weights.size());
        for (TensorWeights array : weights) {
            form.number(array.dims().size());
            array.dims().forEach(form::number);
            form.weights(Weights.vector(array.values()));
        }
    }
}
