package io.streamcell.models;

import java.util.ArrayList;
import java.util.List;

/**
 * Row {@code id} of a table for each token id.
 *
 * @param table {@code [vocabulary, features]}
 */
public record Embedding(String name, Weights table) implements Layer {
    /** Ids travel as float32, which holds every whole number up to here. */
    private static final int MOST_TOKENS = 1 << 24;

    public Embedding {
        if (table.rows() > MOST_TOKENS) {
            throw new UnsupportedModelException(
                    "layer %s: input_dim must be at most %d, got %d"
                            .formatted(name, MOST_TOKENS, table.rows()));
        }
    }

    public int vocabulary() {
        return table.rows();
    }

    @Override
    public String kind() {
        return "Embedding";
    }

    @Override
    public List<Shape> outputs(List<Shape> inputs) {
        Shape input = inputs.get(0);
        List<Integer> dims = new ArrayList<>(input.dims());
        dims.add(table.columns());
        return List.of(new Shape(input.axis(), dims));
    }

    @Override
    public long parameters() {
        return table.count();
    }

    @Override
    public void describe(CanonicalForm form) {
        form.text("embedding").weights(table);
    }
}
