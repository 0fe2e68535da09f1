package io.streamcell.kernels.cuda;

import io.streamcell.models.Shape;

/**
 * How a tensor lies on the device: {@code [positions][inner][pitch]}, a position for every timestep
 * of every row, or for every row where it is static.
 *
 * @param axis of time, or {@link Shape#STATIC}
 * @param inner rows of the last dimension in one position
 * @param features the last dimension
 */
record Extent(int axis, int inner, int features) {
    static Extent of(Shape shape) {
        return new Extent(shape.axis(), shape.width() / shape.features(), shape.features());
    }

    boolean timed() {
        return axis != Shape.STATIC;
    }

    /** Floats of a position without padding. */
    int width() {
        return inner * features;
    }

    /** Floats from one row of the last dimension to the next: 16 bytes are read at once. */
    int pitch() {
        return padded(features);
    }

    /** Whether positions lie without padding. */
    boolean dense() {
        return features == pitch();
    }

    long floats(long positions) {
        return positions * inner * pitch();
    }

    Extent withFeatures(int changed) {
        return new Extent(axis, inner, changed);
    }

    static int padded(int features) {
        return Math.multiplyExact(Math.floorDiv(features + 3, 4), 4);
    }
}
