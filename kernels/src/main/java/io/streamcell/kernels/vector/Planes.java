package io.streamcell.kernels.vector;

import static io.streamcell.kernels.vector.Lanes.LENGTH;
import static io.streamcell.kernels.vector.Lanes.SPECIES;

import io.streamcell.kernels.vector.ComposedPass.Plane;
import io.streamcell.models.CellOp;
import jdk.incubator.vector.FloatVector;

/** Operations on registers, value by value; padding is computed too, and holds anything. */
final class Planes {
    private Planes() {}

    static void combine(CellOp.Combine.Kind kind, Plane x, Plane y, Plane to, int rows) {
        for (int row = 0; row < rows; row++) {
            switch (kind) {
                case ADD -> add(x, y, to, row);
                case SUBTRACT -> subtract(x, y, to, row);
                case MULTIPLY -> multiply(x, y, to, row);
            }
        }
    }

    private static void add(Plane x, Plane y, Plane to, int row) {
        float[] a = x.values();
        float[] b = y.values();
        int i = x.at(row);
        int j = y.at(row);
        int at = to.at(row);
        for (int k = 0; k < to.stride(); k += LENGTH) {
            FloatVector.fromArray(SPECIES, a, i + k)
                    .add(FloatVector.fromArray(SPECIES, b, j + k))
                    .intoArray(to.values(), at + k);
        }
    }

    private static void subtract(Plane x, Plane y, Plane to, int row) {
        float[] a = x.values();
        float[] b = y.values();
        int i = x.at(row);
        int j = y.at(row);
        int at = to.at(row);
        for (int k = 0; k < to.stride(); k += LENGTH) {
            FloatVector.fromArray(SPECIES, a, i + k)
                    .sub(FloatVector.fromArray(SPECIES, b, j + k))
                    .intoArray(to.values(), at + k);
        }
    }

    private static void multiply(Plane x, Plane y, Plane to, int row) {
        float[] a = x.values();
        float[] b = y.values();
        int i = x.at(row);
        int j = y.at(row);
        int at = to.at(row);
        for (int k = 0; k < to.stride(); k += LENGTH) {
            FloatVector.fromArray(SPECIES, a, i + k)
                    .mul(FloatVector.fromArray(SPECIES, b, j + k))
                    .intoArray(to.values(), at + k);
        }
    }

    /** {@code fma(x, y, z)}. */
    static void fused(Plane x, Plane y, Plane z, Plane to, int rows) {
        float[] a = x.values();
        float[] b = y.values();
        float[] c = z.values();
        for (int row = 0; row < rows; row++) {
            int i = x.at(row);
            int j = y.at(row);
            int n = z.at(row);
            int at = to.at(row);
            for (int k = 0; k < to.stride(); k += LENGTH) {
                FloatVector.fromArray(SPECIES, a, i + k)
                        .fma(
                                FloatVector.fromArray(SPECIES, b, j + k),
                                FloatVector.fromArray(SPECIES, c, n + k))
                        .intoArray(to.values(), at + k);
            }
        }
    }
}
