package io.streamcell.models;

/** The checks that every cell's weights pass when it is made. */
final class CellShapes {
    private CellShapes() {}

    static void check(
            String what, int features, int units, int gates, Weights input, Weights recurrent) {
        check(what + " input weights", input, features, gates * units);
        check(what + " recurrent weights", recurrent, units, gates * units);
    }

    static void check(String what, Weights weights, int rows, int columns) {
        if (weights.rows() != rows || weights.columns() != columns) {
            throw new UnsupportedModelException(
                    "%s must be [%d, %d], got %s".formatted(what, rows, columns, weights));
        }
    }
}
