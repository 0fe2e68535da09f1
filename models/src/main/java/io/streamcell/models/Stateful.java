package io.streamcell.models;

import java.util.List;

/** A layer that keeps a state between chunks. */
public sealed interface Stateful extends Layer permits Recurrent, Convolution {
    /** The name under which a stream's state holds it; several layers may share one. */
    String part();

    /** Widths of the state tensors; empty if there is nothing to keep. */
    List<Integer> stateSizes();

    /** Whether it was saved so that it carries its state. */
    boolean stateful();

    /** Whether its state is given anew in every chunk, so that none is carried. */
    default boolean stateGiven() {
        return false;
    }

    /** The state of a new stream, all tensors one after another, or null for zeros. */
    default Weights initialState() {
        return null;
    }

    /** Floats of state. */
    default int stateWidth() {
        return stateSizes().stream().mapToInt(Integer::intValue).sum();
    }
}
