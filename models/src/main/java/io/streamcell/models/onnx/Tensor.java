package io.streamcell.models.onnx;

import java.util.List;

/**
 * A constant array, row-major: of floats, or of whole numbers (then {@code floats} is null).
 * Booleans are 0 and 1. The arrays are shared and must not be modified.
 */
record Tensor(List<Integer> dims, float[] floats, long[] numbers) {
    Tensor {
        dims = List.copyOf(dims);
        long count = 1;
        for (int dim : dims) {
            count = Math.multiplyExact(count, (long) dim);
        }
        if (count != (floats == null ? numbers.length : floats.length)) {
            throw new IllegalArgumentException(
                    "an array of dimensions %s must have %d values, got %d"
                            .formatted(
                                    dims, count, floats == null ? numbers.length : floats.length));
        }
    }

    static Tensor of(List<Integer> dims, float... floats) {
        return new Tensor(dims, floats, null);
    }

    static Tensor of(List<Integer> dims, long... numbers) {
        return new Tensor(dims, null, numbers);
    }

    boolean whole() {
        return floats == null;
    }

    int count() {
        return floats == null ? numbers.length : floats.length;
    }

    double value(int k) {
        return floats == null ? numbers[k] : floats[k];
    }

    /** The values as float32. */
    float[] asFloats() {
        if (floats != null) {
            return floats;
        }
        float[] values = new float[numbers.length];
        for (int k = 0; k < values.length; k++) {
            values[k] = numbers[k];
        }
        return values;
    }

    boolean allEqual(double value) {
        for (int k = 0; k < count(); k++) {
            if (value(k) != value) {
                return false;
            }
        }
        return true;
    }

    Tensor arranged(Arrangement arrangement) {
        int[] places = arrangement.places();
        if (places == null) {
            return new Tensor(arrangement.dims(), floats, numbers);
        } else if (floats != null) {
            float[] values = new float[places.length];
            for (int k = 0; k < places.length; k++) {
                values[k] = floats[places[k]];
            }
            return of(arrangement.dims(), values);
        }
        long[] values = new long[places.length];
        for (int k = 0; k < places.length; k++) {
            values[k] = numbers[places[k]];
        }
        return of(arrangement.dims(), values);
    }
}
