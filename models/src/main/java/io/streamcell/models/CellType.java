package io.streamcell.models;

import java.util.List;

/**
 * A cell that a user adds, found by {@link java.util.ServiceLoader}: what a saved configuration of
 * it means. Its arithmetic comes with a provider that computes it.
 */
public interface CellType {
    /** The name under which Keras saves it, {@code package>Class}. */
    String registeredName();

    /**
     * The widths of a cell.
     *
     * @param config the saved configuration, JSON
     * @param features width of an input row
     * @param weights its arrays in the order of saving
     * @throws UnsupportedModelException if the configuration or the arrays are not those of such a
     *     cell
     */
    CellWidths widths(String config, int features, List<TensorWeights> weights);

    /**
     * What a cell gives and keeps.
     *
     * @param units width of an output
     * @param stateSizes widths of the state tensors
     * @param outputState the state tensor that repeats the output, which a masked timestep gives
     */
    record CellWidths(int units, List<Integer> stateSizes, int outputState) {
        public CellWidths {
            stateSizes = List.copyOf(stateSizes);
            if (units < 1 || outputState < 0 || outputState >= stateSizes.size()) {
                throw new IllegalArgumentException(
                        "a cell must have units, and a state tensor that repeats its output, got %d units, states %s, number %d"
                                .formatted(units, stateSizes, outputState));
            }
        }
    }
}
