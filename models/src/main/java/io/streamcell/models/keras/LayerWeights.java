package io.streamcell.models.keras;

import io.streamcell.models.TensorWeights;
import io.streamcell.models.Weights;
import java.util.List;

/** The saved arrays of one layer, in the order in which Keras made them. */
public interface LayerWeights {
    /** Names the layer among all of the model. */
    String path();

    /** The arrays of a layer or cell that this one holds, by the name of the property. */
    LayerWeights child(String property);

    /** The arrays of the layers of a model, or the cells of a stack, that this one holds. */
    List<LayerWeights> children(String property, List<LayerConfig> layers);

    /**
     * An array of this layer as float32. Arrays must be read in order.
     *
     * @param shape that it must have
     */
    float[] read(int number, int... shape);

    /** All arrays of this layer. */
    List<TensorWeights> all();

    default Weights matrix(int number, int rows, int columns) {
        return Weights.matrix(rows, columns, read(number, rows, columns));
    }

    default Weights vector(int number, int length) {
        return Weights.vector(read(number, length));
    }
}
