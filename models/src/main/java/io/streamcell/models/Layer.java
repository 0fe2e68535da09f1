package io.streamcell.models;

import java.util.List;

/**
 * A node's operation. A layer knows the shapes that it gives and refuses those that it cannot take.
 */
public sealed interface Layer
        permits Recurrent,
                Dense,
                Embedding,
                BatchNormalization,
                LayerNormalization,
                Activate,
                Merge,
                Concatenate,
                Identity {
    /** The saved layer's name; unique in a network. */
    String name();

    /** The class as the saved model calls it, for summaries. */
    String kind();

    /**
     * The shapes of the outputs for the shapes of the inputs.
     *
     * @throws UnsupportedModelException if the layer cannot take them
     */
    List<Shape> outputs(List<Shape> inputs);

    /** Trainable and fixed values. */
    default long parameters() {
        return 0;
    }

    void describe(CanonicalForm form);
}
