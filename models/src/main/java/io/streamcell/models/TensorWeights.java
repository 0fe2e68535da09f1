package io.streamcell.models;

import java.util.List;

/**
 * A saved array of any rank.
 *
 * @param values row-major; not a copy, not to be modified
 */
public record TensorWeights(List<Integer> dims, float[] values) {
    public TensorWeights {
        dims = List.copyOf(dims);
    }
}
