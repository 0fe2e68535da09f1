package io.streamcell.kernels.vector;

import static io.streamcell.kernels.vector.Lanes.LENGTH;
import static io.streamcell.kernels.vector.Lanes.SPECIES;
import static io.streamcell.kernels.vector.Panels.WIDE;

import jdk.incubator.vector.FloatVector;

/**
 * The matrix product {@code z = start + xW}, each value one chain of fused multiply-adds over
 * ascending k, which is never split. A tile's sums stay in registers from the first k to the last:
 * six rows by four vectors where there are 32 registers (AVX-512), else two by four.
 *
 * <p>The result is one plane {@code [rows, stride]} per gate. Rows of x are taken in blocks that
 * stay in the second-level cache while all panels pass.
 */
final class Product {
    private static final int BLOCK_FLOATS = 1 << 15;
    private static final int TILE_ROWS = LENGTH >= 16 ? 6 : 2;

    private final Panels panels;
    private final int[] planes;

    /**
     * Whether the panels are taken from the last to the first: every other time, so that weights
     * are found in the cache that just passed.
     */
    private boolean backwards;

    private float[] x;
    private int xFrom;
    private int xStride;
    private float[] w;
    private int wFrom;
    private int depth;
    private float[] start;
    private int startStride;
    private int start0;
    private int start1;
    private int start2;
    private int start3;
    private float[] z;
    private int zFrom;
    private int zPlane;
    private int zStride;
    private int end0;
    private int end1;
    private int end2;
    private int end3;

    /** A product whose gates are written to the planes of the given numbers. */
    Product(Panels panels, int... planes) {
        this.panels = panels;
        this.planes = planes;
    }

    /** Reads {@code x[from + row*stride + k]} from now on. */
    Product read(float[] values, int from, int stride) {
        x = values;
        xFrom = from;
        xStride = stride;
        return this;
    }

    /** Writes {@code z[from + plane*distance + row*stride + unit]} from now on. */
    Product write(float[] values, int from, int distance) {
        z = values;
        zFrom = from;
        zPlane = distance;
        return this;
    }

    /** {@code z = bias + xW} for the first {@code rows} rows. */
    void startFromBias(int rows) {
        multiply(rows, true);
    }

    /** {@code z = z + xW} for the first {@code rows} rows. */
    void accumulate(int rows) {
        multiply(rows, false);
    }

    private void multiply(int rows, boolean fromBias) {
        w = panels.values();
        depth = panels.depth();
        zStride = panels.stride();
        start = fromBias ? panels.bias() : z;
        startStride = fromBias ? 0 : zStride;
        int block = Math.max(TILE_ROWS, BLOCK_FLOATS / depth / TILE_ROWS * TILE_ROWS);
        for (int from = 0; from < rows; from += block) {
            int to = Math.min(rows, from + block);
            int whole = panels.wideVectors();
            for (int vector = 0; vector < whole; vector += WIDE) {
                place(backwards ? whole - WIDE - vector : vector, fromBias);
                wide(from, to);
            }
            for (int vector = whole; vector < panels.vectors(); vector++) {
                place(vector, fromBias);
                narrow(from, to);
            }
            backwards = !backwards;
        }
    }

    private void place(int vector, boolean fromBias) {
        wFrom = panels.panel(vector);
        end0 = end(vector);
        start0 = fromBias ? vector * LENGTH : end0;
        if (vector < panels.wideVectors()) {
            end1 = end(vector + 1);
            end2 = end(vector + 2);
            end3 = end(vector + 3);
            start1 = fromBias ? start0 + LENGTH : end1;
            start2 = fromBias ? start1 + LENGTH : end2;
            start3 = fromBias ? start2 + LENGTH : end3;
        }
    }

    private int end(int vector) {
        int column = vector * LENGTH;
        return zFrom + planes[column / zStride] * zPlane + column % zStride;
    }

    private void wide(int from, int to) {
        int row = from;
        if (TILE_ROWS == 6) {
            for (; row + 6 <= to; row += 6) {
                sixRowsWide(row);
            }
        }
        for (; row + 2 <= to; row += 2) {
            twoRowsWide(row);
        }
        if (row < to) {
            oneRowWide(row);
        }
    }

    private void narrow(int from, int to) {
        int row = from;
        for (; row + 4 <= to; row += 4) {
            fourRowsNarrow(row);
        }
        for (; row < to; row++) {
            oneRowNarrow(row);
        }
    }

    /** Six rows by four vectors of columns. */
    private void sixRowsWide(int row) {
        float[] x = this.x;
        float[] w = this.w;
        int x0 = xFrom + row * xStride;
        int x1 = x0 + xStride;
        int x2 = x1 + xStride;
        int x3 = x2 + xStride;
        int x4 = x3 + xStride;
        int x5 = x4 + xStride;
        int s0 = row * startStride;
        int s1 = s0 + startStride;
        int s2 = s1 + startStride;
        int s3 = s2 + startStride;
        int s4 = s3 + startStride;
        int s5 = s4 + startStride;
        FloatVector a00 = FloatVector.fromArray(SPECIES, start, start0 + s0);
        FloatVector a01 = FloatVector.fromArray(SPECIES, start, start1 + s0);
        FloatVector a02 = FloatVector.fromArray(SPECIES, start, start2 + s0);
        FloatVector a03 = FloatVector.fromArray(SPECIES, start, start3 + s0);
        FloatVector a10 = FloatVector.fromArray(SPECIES, start, start0 + s1);
        FloatVector a11 = FloatVector.fromArray(SPECIES, start, start1 + s1);
        FloatVector a12 = FloatVector.fromArray(SPECIES, start, start2 + s1);
        FloatVector a13 = FloatVector.fromArray(SPECIES, start, start3 + s1);
        FloatVector a20 = FloatVector.fromArray(SPECIES, start, start0 + s2);
        FloatVector a21 = FloatVector.fromArray(SPECIES, start, start1 + s2);
        FloatVector a22 = FloatVector.fromArray(SPECIES, start, start2 + s2);
        FloatVector a23 = FloatVector.fromArray(SPECIES, start, start3 + s2);
        FloatVector a30 = FloatVector.fromArray(SPECIES, start, start0 + s3);
        FloatVector a31 = FloatVector.fromArray(SPECIES, start, start1 + s3);
        FloatVector a32 = FloatVector.fromArray(SPECIES, start, start2 + s3);
        FloatVector a33 = FloatVector.fromArray(SPECIES, start, start3 + s3);
        FloatVector a40 = FloatVector.fromArray(SPECIES, start, start0 + s4);
        FloatVector a41 = FloatVector.fromArray(SPECIES, start, start1 + s4);
        FloatVector a42 = FloatVector.fromArray(SPECIES, start, start2 + s4);
        FloatVector a43 = FloatVector.fromArray(SPECIES, start, start3 + s4);
        FloatVector a50 = FloatVector.fromArray(SPECIES, start, start0 + s5);
        FloatVector a51 = FloatVector.fromArray(SPECIES, start, start1 + s5);
        FloatVector a52 = FloatVector.fromArray(SPECIES, start, start2 + s5);
        FloatVector a53 = FloatVector.fromArray(SPECIES, start, start3 + s5);
        int at = wFrom;
        for (int k = 0; k < depth; k++) {
            FloatVector w0 = FloatVector.fromArray(SPECIES, w, at);
            FloatVector w1 = FloatVector.fromArray(SPECIES, w, at + LENGTH);
            FloatVector w2 = FloatVector.fromArray(SPECIES, w, at + 2 * LENGTH);
            FloatVector w3 = FloatVector.fromArray(SPECIES, w, at + 3 * LENGTH);
            FloatVector v0 = FloatVector.broadcast(SPECIES, x[x0 + k]);
            a00 = v0.fma(w0, a00);
            a01 = v0.fma(w1, a01);
            a02 = v0.fma(w2, a02);
            a03 = v0.fma(w3, a03);
            FloatVector v1 = FloatVector.broadcast(SPECIES, x[x1 + k]);
            a10 = v1.fma(w0, a10);
            a11 = v1.fma(w1, a11);
            a12 = v1.fma(w2, a12);
            a13 = v1.fma(w3, a13);
            FloatVector v2 = FloatVector.broadcast(SPECIES, x[x2 + k]);
            a20 = v2.fma(w0, a20);
            a21 = v2.fma(w1, a21);
            a22 = v2.fma(w2, a22);
            a23 = v2.fma(w3, a23);
            FloatVector v3 = FloatVector.broadcast(SPECIES, x[x3 + k]);
            a30 = v3.fma(w0, a30);
            a31 = v3.fma(w1, a31);
            a32 = v3.fma(w2, a32);
            a33 = v3.fma(w3, a33);
            FloatVector v4 = FloatVector.broadcast(SPECIES, x[x4 + k]);
            a40 = v4.fma(w0, a40);
            a41 = v4.fma(w1, a41);
            a42 = v4.fma(w2, a42);
            a43 = v4.fma(w3, a43);
            FloatVector v5 = FloatVector.broadcast(SPECIES, x[x5 + k]);
            a50 = v5.fma(w0, a50);
            a51 = v5.fma(w1, a51);
            a52 = v5.fma(w2, a52);
            a53 = v5.fma(w3, a53);
            at += WIDE * LENGTH;
        }
        int z0 = row * zStride;
        int z1 = z0 + zStride;
        int z2 = z1 + zStride;
        int z3 = z2 + zStride;
        int z4 = z3 + zStride;
        int z5 = z4 + zStride;
        a00.intoArray(z, end0 + z0);
        a01.intoArray(z, end1 + z0);
        a02.intoArray(z, end2 + z0);
        a03.intoArray(z, end3 + z0);
        a10.intoArray(z, end0 + z1);
        a11.intoArray(z, end1 + z1);
        a12.intoArray(z, end2 + z1);
        a13.intoArray(z, end3 + z1);
        a20.intoArray(z, end0 + z2);
        a21.intoArray(z, end1 + z2);
        a22.intoArray(z, end2 + z2);
        a23.intoArray(z, end3 + z2);
        a30.intoArray(z, end0 + z3);
        a31.intoArray(z, end1 + z3);
        a32.intoArray(z, end2 + z3);
        a33.intoArray(z, end3 + z3);
        a40.intoArray(z, end0 + z4);
        a41.intoArray(z, end1 + z4);
        a42.intoArray(z, end2 + z4);
        a43.intoArray(z, end3 + z4);
        a50.intoArray(z, end0 + z5);
        a51.intoArray(z, end1 + z5);
        a52.intoArray(z, end2 + z5);
        a53.intoArray(z, end3 + z5);
    }

    /** Two rows by four vectors of columns. */
    private void twoRowsWide(int row) {
        float[] x = this.x;
        float[] w = this.w;
        int x0 = xFrom + row * xStride;
        int x1 = x0 + xStride;
        int s0 = row * startStride;
        int s1 = s0 + startStride;
        FloatVector a00 = FloatVector.fromArray(SPECIES, start, start0 + s0);
        FloatVector a01 = FloatVector.fromArray(SPECIES, start, start1 + s0);
        FloatVector a02 = FloatVector.fromArray(SPECIES, start, start2 + s0);
        FloatVector a03 = FloatVector.fromArray(SPECIES, start, start3 + s0);
        FloatVector a10 = FloatVector.fromArray(SPECIES, start, start0 + s1);
        FloatVector a11 = FloatVector.fromArray(SPECIES, start, start1 + s1);
        FloatVector a12 = FloatVector.fromArray(SPECIES, start, start2 + s1);
        FloatVector a13 = FloatVector.fromArray(SPECIES, start, start3 + s1);
        int at = wFrom;
        for (int k = 0; k < depth; k++) {
            FloatVector w0 = FloatVector.fromArray(SPECIES, w, at);
            FloatVector w1 = FloatVector.fromArray(SPECIES, w, at + LENGTH);
            FloatVector w2 = FloatVector.fromArray(SPECIES, w, at + 2 * LENGTH);
            FloatVector w3 = FloatVector.fromArray(SPECIES, w, at + 3 * LENGTH);
            FloatVector v0 = FloatVector.broadcast(SPECIES, x[x0 + k]);
            a00 = v0.fma(w0, a00);
            a01 = v0.fma(w1, a01);
            a02 = v0.fma(w2, a02);
            a03 = v0.fma(w3, a03);
            FloatVector v1 = FloatVector.broadcast(SPECIES, x[x1 + k]);
            a10 = v1.fma(w0, a10);
            a11 = v1.fma(w1, a11);
            a12 = v1.fma(w2, a12);
            a13 = v1.fma(w3, a13);
            at += WIDE * LENGTH;
        }
        int z0 = row * zStride;
        int z1 = z0 + zStride;
        a00.intoArray(z, end0 + z0);
        a01.intoArray(z, end1 + z0);
        a02.intoArray(z, end2 + z0);
        a03.intoArray(z, end3 + z0);
        a10.intoArray(z, end0 + z1);
        a11.intoArray(z, end1 + z1);
        a12.intoArray(z, end2 + z1);
        a13.intoArray(z, end3 + z1);
    }

    /** One row by four vectors of columns. */
    private void oneRowWide(int row) {
        float[] x = this.x;
        float[] w = this.w;
        int x0 = xFrom + row * xStride;
        int s0 = row * startStride;
        FloatVector a00 = FloatVector.fromArray(SPECIES, start, start0 + s0);
        FloatVector a01 = FloatVector.fromArray(SPECIES, start, start1 + s0);
        FloatVector a02 = FloatVector.fromArray(SPECIES, start, start2 + s0);
        FloatVector a03 = FloatVector.fromArray(SPECIES, start, start3 + s0);
        int at = wFrom;
        for (int k = 0; k < depth; k++) {
            FloatVector w0 = FloatVector.fromArray(SPECIES, w, at);
            FloatVector w1 = FloatVector.fromArray(SPECIES, w, at + LENGTH);
            FloatVector w2 = FloatVector.fromArray(SPECIES, w, at + 2 * LENGTH);
            FloatVector w3 = FloatVector.fromArray(SPECIES, w, at + 3 * LENGTH);
            FloatVector v0 = FloatVector.broadcast(SPECIES, x[x0 + k]);
            a00 = v0.fma(w0, a00);
            a01 = v0.fma(w1, a01);
            a02 = v0.fma(w2, a02);
            a03 = v0.fma(w3, a03);
            at += WIDE * LENGTH;
        }
        int z0 = row * zStride;
        a00.intoArray(z, end0 + z0);
        a01.intoArray(z, end1 + z0);
        a02.intoArray(z, end2 + z0);
        a03.intoArray(z, end3 + z0);
    }

    /** Four rows by one vector of columns. */
    private void fourRowsNarrow(int row) {
        float[] x = this.x;
        float[] w = this.w;
        int x0 = xFrom + row * xStride;
        int x1 = x0 + xStride;
        int x2 = x1 + xStride;
        int x3 = x2 + xStride;
        int s0 = row * startStride;
        int s1 = s0 + startStride;
        int s2 = s1 + startStride;
        int s3 = s2 + startStride;
        FloatVector a00 = FloatVector.fromArray(SPECIES, start, start0 + s0);
        FloatVector a10 = FloatVector.fromArray(SPECIES, start, start0 + s1);
        FloatVector a20 = FloatVector.fromArray(SPECIES, start, start0 + s2);
        FloatVector a30 = FloatVector.fromArray(SPECIES, start, start0 + s3);
        int at = wFrom;
        for (int k = 0; k < depth; k++) {
            FloatVector w0 = FloatVector.fromArray(SPECIES, w, at);
            FloatVector v0 = FloatVector.broadcast(SPECIES, x[x0 + k]);
            a00 = v0.fma(w0, a00);
            FloatVector v1 = FloatVector.broadcast(SPECIES, x[x1 + k]);
            a10 = v1.fma(w0, a10);
            FloatVector v2 = FloatVector.broadcast(SPECIES, x[x2 + k]);
            a20 = v2.fma(w0, a20);
            FloatVector v3 = FloatVector.broadcast(SPECIES, x[x3 + k]);
            a30 = v3.fma(w0, a30);
            at += LENGTH;
        }
        int z0 = row * zStride;
        int z1 = z0 + zStride;
        int z2 = z1 + zStride;
        int z3 = z2 + zStride;
        a00.intoArray(z, end0 + z0);
        a10.intoArray(z, end0 + z1);
        a20.intoArray(z, end0 + z2);
        a30.intoArray(z, end0 + z3);
    }

    /** One row by one vector of columns. */
    private void oneRowNarrow(int row) {
        float[] x = this.x;
        float[] w = this.w;
        int x0 = xFrom + row * xStride;
        int s0 = row * startStride;
        FloatVector a00 = FloatVector.fromArray(SPECIES, start, start0 + s0);
        int at = wFrom;
        for (int k = 0; k < depth; k++) {
            FloatVector w0 = FloatVector.fromArray(SPECIES, w, at);
            FloatVector v0 = FloatVector.broadcast(SPECIES, x[x0 + k]);
            a00 = v0.fma(w0, a00);
            at += LENGTH;
        }
        int z0 = row * zStride;
        a00.intoArray(z, end0 + z0);
    }
}
