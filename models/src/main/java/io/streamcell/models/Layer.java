package io.streamcell.models;

import java.util.List;

/**
 * A node's operation. A layer knows the shapes that it gives and refuses those that it cannot take.
 */
public sealed interface Layer
        permits Stateful,
                Dense,
                Embedding,
                BatchNormalization,
                LayerNormalization,
                Activate,
                Merge,
                Concatenate,
                Identity,
                RowLayer,
                TimeLayer,
                MaskLayer {
    /** The saved layer's name. */
    String name();

    /** The class as the saved model calls it, for summaries. */
    String kind();

    /**
     * The shapes of the outputs for the shapes of the inputs. On a time axis that the layer makes,
     * {@link Shape#NEW} stands.
     *
     * @throws UnsupportedModelException if the layer cannot take them
     */
    List<Shape> outputs(List<Shape> inputs);

    /** The time axis that the layer makes of that of its first input, or null for none. */
    default Resampling resampling() {
        return null;
    }

    /** Whether what it gives depends on where chunks begin and end. */
    default boolean needsWholeChunks() {
        return false;
    }

    /** Trainable and fixed values. */
    default long parameters() {
        return 0;
    }

    void describe(CanonicalForm form);
}
