package io.streamcell.models;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The shape of one value of a network, without its batch axis.
 *
 * @param axis which time axis the value has, or {@link #STATIC}; values on one axis have equally
 *     many timesteps
 * @param dims the dimensions of one timestep (of the one row of a static value); empty for a scalar
 */
public record Shape(int axis, List<Integer> dims) implements Serializable {
    private static final long serialVersionUID = 1;

    /** The axis of a value that has one row per chunk instead of one per timestep. */
    public static final int STATIC = -1;

    /** In a layer's outputs: the axis that the layer makes. */
    public static final int NEW = -2;

    public Shape {
        dims = List.copyOf(dims);
        for (int dim : dims) {
            if (dim < 1) {
                throw new IllegalArgumentException("dimensions must be positive, got " + dims);
            }
        }
    }

    public static Shape timed(int axis, int features) {
        return new Shape(axis, List.of(features));
    }

    public static Shape perChunk(int features) {
        return new Shape(STATIC, List.of(features));
    }

    public boolean timed() {
        return axis != STATIC;
    }

    /** Floats in one row: the product of the dimensions. */
    public int width() {
        int width = 1;
        for (int dim : dims) {
            width = Math.multiplyExact(width, dim);
        }
        return width;
    }

    /** The last dimension, which Dense, normalizations and cells work on; 1 for a scalar. */
    public int features() {
        return dims.isEmpty() ? 1 : dims.get(dims.size() - 1);
    }

    /** This shape with another last dimension. */
    public Shape withFeatures(int features) {
        List<Integer> changed = new ArrayList<>(dims);
        if (changed.isEmpty()) {
            changed.add(features);
        } else {
            changed.set(changed.size() - 1, features);
        }
        return new Shape(axis, changed);
    }

    /** As Keras prints it: {@code (None, None, 32)}, batch first, then time. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("(None");
        if (timed()) {
            text.append(", None");
        }
        dims.forEach(dim -> text.append(", ").append(dim));
        return text.append(dims.isEmpty() && !timed() ? ",)" : ")").toString();
    }
}
