package io.streamcell.kernels.vector;

import io.streamcell.models.Weights;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Packed weights {@code [rows, columns]} and their product with many rows. Columns are grouped
 * (gates) and each group is padded with zeros to whole lanes; they lie in panels of four vectors,
 * then of one, each {@code [rows][panel width]}, so that a tile reads its weights in order. A
 * product adds to what the target holds, over ascending k, fused: the chain of the plain
 * definition, which blocking over k interrupts but does not reorder.
 */
final class PanelMatrix {
    private static final VectorSpecies<Float> SPECIES = Lanes.SPECIES;
    private static final int LANES = SPECIES.length();
    private static final int WIDE = 4 * LANES;

    /** Rows of weights at a time: a wide panel of as many lies in the first-level cache. */
    private static final int BLOCK = 160;

    private final int depth;
    private final int columns;
    private final float[] panels;

    /**
     * Packs columns {@code firstColumn ..} of the weights.
     *
     * @param groups how many groups of {@code units} columns
     */
    PanelMatrix(Weights weights, int firstColumn, int groups, int units) {
        int padded = Lanes.padded(units);
        this.depth = weights.rows();
        this.columns = groups * padded;
        this.panels = new float[depth * columns];
        float[] values = weights.values();
        for (int k = 0; k < depth; k++) {
            for (int group = 0; group < groups; group++) {
                for (int j = 0; j < units; j++) {
                    panels[place(k, group * padded + j)] =
                            values[k * weights.columns() + firstColumn + group * units + j];
                }
            }
        }
    }

    private int place(int k, int column) {
        int wideColumns = columns / WIDE * WIDE;
        int width = column < wideColumns ? WIDE : LANES;
        int first = column < wideColumns ? column / WIDE * WIDE : column / LANES * LANES;
        return first * depth + k * width + (column - first);
    }

    /** Columns with their padding. */
    int columns() {
        return columns;
    }

    /**
     * {@code target += a * weights} for {@code rows} rows.
     *
     * @param a row-major from {@code aFrom}, a row every {@code aStride}
     * @param target row-major from {@code targetFrom}, a row every {@code targetStride}
     */
    void multiply(
            float[] a,
            int aFrom,
            int aStride,
            int rows,
            float[] target,
            int targetFrom,
            int targetStride) {
        int wideColumns = columns / WIDE * WIDE;
        for (int first = 0; first < columns; first += first < wideColumns ? WIDE : LANES) {
            boolean wide = first < wideColumns;
            int width = wide ? WIDE : LANES;
            for (int k = 0; k < depth; k += BLOCK) {
                int count = Math.min(BLOCK, depth - k);
                int panel = first * depth + k * width;
                int row = 0;
                if (wide) {
                    for (; row + 2 <= rows; row += 2) {
                        twoRows(
                                a,
                                aFrom + row * aStride + k,
                                aStride,
                                panels,
                                panel,
                                count,
                                target,
                                targetFrom + row * targetStride + first,
                                targetStride);
                    }
                    if (row < rows) {
                        oneRow(
                                a,
                                aFrom + row * aStride + k,
                                panels,
                                panel,
                                count,
                                target,
                                targetFrom + row * targetStride + first);
                    }
                } else {
                    for (; row + 4 <= rows; row += 4) {
                        fourRowsNarrow(
                                a,
                                aFrom + row * aStride + k,
                                aStride,
                                panels,
                                panel,
                                count,
                                target,
                                targetFrom + row * targetStride + first,
                                targetStride);
                    }
                    for (; row < rows; row++) {
                        oneRowNarrow(
                                a,
                                aFrom + row * aStride + k,
                                panels,
                                panel,
                                count,
                                target,
                                targetFrom + row * targetStride + first);
                    }
                }
            }
        }
    }

    /** Two rows of four vectors. */
    private static void twoRows(
            float[] a,
            int at,
            int aStride,
            float[] w,
            int panel,
            int count,
            float[] c,
            int to,
            int cStride) {
        int next = to + cStride;
        FloatVector c00 = FloatVector.fromArray(SPECIES, c, to);
        FloatVector c01 = FloatVector.fromArray(SPECIES, c, to + LANES);
        FloatVector c02 = FloatVector.fromArray(SPECIES, c, to + 2 * LANES);
        FloatVector c03 = FloatVector.fromArray(SPECIES, c, to + 3 * LANES);
        FloatVector c10 = FloatVector.fromArray(SPECIES, c, next);
        FloatVector c11 = FloatVector.fromArray(SPECIES, c, next + LANES);
        FloatVector c12 = FloatVector.fromArray(SPECIES, c, next + 2 * LANES);
        FloatVector c13 = FloatVector.fromArray(SPECIES, c, next + 3 * LANES);
        int p = panel;
        for (int k = 0; k < count; k++, p += WIDE) {
            FloatVector a0 = FloatVector.broadcast(SPECIES, a[at + k]);
            FloatVector a1 = FloatVector.broadcast(SPECIES, a[at + aStride + k]);
            FloatVector w0 = FloatVector.fromArray(SPECIES, w, p);
            FloatVector w1 = FloatVector.fromArray(SPECIES, w, p + LANES);
            FloatVector w2 = FloatVector.fromArray(SPECIES, w, p + 2 * LANES);
            FloatVector w3 = FloatVector.fromArray(SPECIES, w, p + 3 * LANES);
            c00 = a0.fma(w0, c00);
            c01 = a0.fma(w1, c01);
            c02 = a0.fma(w2, c02);
            c03 = a0.fma(w3, c03);
            c10 = a1.fma(w0, c10);
            c11 = a1.fma(w1, c11);
            c12 = a1.fma(w2, c12);
            c13 = a1.fma(w3, c13);
        }
        c00.intoArray(c, to);
        c01.intoArray(c, to + LANES);
        c02.intoArray(c, to + 2 * LANES);
        c03.intoArray(c, to + 3 * LANES);
        c10.intoArray(c, next);
        c11.intoArray(c, next + LANES);
        c12.intoArray(c, next + 2 * LANES);
        c13.intoArray(c, next + 3 * LANES);
    }

    /** One row of four vectors. */
    private static void oneRow(
            float[] a, int at, float[] w, int panel, int count, float[] c, int to) {
        FloatVector c0 = FloatVector.fromArray(SPECIES, c, to);
        FloatVector c1 = FloatVector.fromArray(SPECIES, c, to + LANES);
        FloatVector c2 = FloatVector.fromArray(SPECIES, c, to + 2 * LANES);
        FloatVector c3 = FloatVector.fromArray(SPECIES, c, to + 3 * LANES);
        int p = panel;
        for (int k = 0; k < count; k++, p += WIDE) {
            FloatVector x = FloatVector.broadcast(SPECIES, a[at + k]);
            c0 = x.fma(FloatVector.fromArray(SPECIES, w, p), c0);
            c1 = x.fma(FloatVector.fromArray(SPECIES, w, p + LANES), c1);
            c2 = x.fma(FloatVector.fromArray(SPECIES, w, p + 2 * LANES), c2);
            c3 = x.fma(FloatVector.fromArray(SPECIES, w, p + 3 * LANES), c3);
        }
        c0.intoArray(c, to);
        c1.intoArray(c, to + LANES);
        c2.intoArray(c, to + 2 * LANES);
        c3.intoArray(c, to + 3 * LANES);
    }

    /** Four rows of one vector, for what is left of the columns. */
    private static void fourRowsNarrow(
            float[] a,
            int at,
            int aStride,
            float[] w,
            int panel,
            int count,
            float[] c,
            int to,
            int cStride) {
        FloatVector c0 = FloatVector.fromArray(SPECIES, c, to);
        FloatVector c1 = FloatVector.fromArray(SPECIES, c, to + cStride);
        FloatVector c2 = FloatVector.fromArray(SPECIES, c, to + 2 * cStride);
        FloatVector c3 = FloatVector.fromArray(SPECIES, c, to + 3 * cStride);
        int p = panel;
        for (int k = 0; k < count; k++, p += LANES) {
            FloatVector v = FloatVector.fromArray(SPECIES, w, p);
            c0 = FloatVector.broadcast(SPECIES, a[at + k]).fma(v, c0);
            c1 = FloatVector.broadcast(SPECIES, a[at + aStride + k]).fma(v, c1);
            c2 = FloatVector.broadcast(SPECIES, a[at + 2 * aStride + k]).fma(v, c2);
            c3 = FloatVector.broadcast(SPECIES, a[at + 3 * aStride + k]).fma(v, c3);
        }
        c0.intoArray(c, to);
        c1.intoArray(c, to + cStride);
        c2.intoArray(c, to + 2 * cStride);
        c3.intoArray(c, to + 3 * cStride);
    }

    private static void oneRowNarrow(
            float[] a, int at, float[] w, int panel, int count, float[] c, int to) {
        FloatVector sum = FloatVector.fromArray(SPECIES, c, to);
        int p = panel;
        for (int k = 0; k < count; k++, p += LANES) {
            FloatVector x = FloatVector.broadcast(SPECIES, a[at + k]);
            sum = x.fma(FloatVector.fromArray(SPECIES, w, p), sum);
        }
        sum.intoArray(c, to);
    }
}
