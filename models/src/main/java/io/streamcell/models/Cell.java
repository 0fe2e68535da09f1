package io.streamcell.models;

import java.util.List;

/** One timestep of a recurrent layer: what it reads, which state it keeps, and its weights. */
public sealed interface Cell permits Lstm, Gru, SimpleRnn, ComposedCell, CustomCell {
    /** Width of an input row. */
    int features();

    /** Width of the output of one timestep. */
    int units();

    /** Widths of the state tensors in the order of Keras. */
    List<Integer> stateSizes();

    /** The state tensor that repeats the last output; h is the first in most cells. */
    default int outputState() {
        return 0;
    }

    /** Trainable values. */
    long parameters();

    /** The Keras class of the cell, for summaries. */
    String kind();

    void describe(CanonicalForm form);
}
