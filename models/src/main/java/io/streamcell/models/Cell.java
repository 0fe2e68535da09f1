package io.streamcell.models;

import java.util.List;

/** One timestep of a recurrent layer: what it reads, which state it keeps, and its weights. */
public sealed interface Cell permits Lstm, Gru, SimpleRnn {
    /** Width of an input row. */
    int features();

    /** Width of h, which is also the output of one timestep. */
    int units();

    /** Widths of the state tensors in the order of Keras; the first is h. */
    List<Integer> stateSizes();

    /** Trainable values. */
    long parameters();

    /** The Keras class of the cell, for summaries. */
    String kind();

    void describe(CanonicalForm form);
}
