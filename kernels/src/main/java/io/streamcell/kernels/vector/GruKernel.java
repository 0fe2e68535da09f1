package io.streamcell.kernels.vector;

import io.streamcell.models.Activation;
import io.streamcell.models.Gru;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link Gru} over many rows. */
final class GruKernel extends CellKernel {
    private static final VectorSpecies<Float> SPECIES = Lanes.SPECIES;
    private final PanelMatrix gateWeights;
    private final PanelMatrix candidateWeights;
    private final boolean resetAfter;
    private final Activation activation;
    private final Activation recurrentActivation;

    /** The recurrent bias of the candidate, padded; with {@code resetAfter}. */
    private final float[] candidateBias;

    /** With {@code resetAfter} the recurrent part of the candidate, else r*h. */
    private float[] heard = {};

    GruKernel(Gru cell) {
        super(
                cell.features(),
                cell.units(),
                1,
                new PanelMatrix(cell.inputWeights(), 0, 3, cell.units()),
                bias(cell));
        gateWeights = new PanelMatrix(cell.recurrentWeights(), 0, 2, units);
        candidateWeights = new PanelMatrix(cell.recurrentWeights(), 2 * units, 1, units);
        resetAfter = cell.resetAfter();
        activation = cell.activation();
        recurrentActivation = cell.recurrentActivation();
        candidateBias =
                resetAfter ? padded(cell.bias().values(), 5 * units, 1, units) : new float[padded];
    }

    private static float[] bias(Gru cell) {
        int units = cell.units();
        float[] sums = cell.bias().values().clone();
        for (int j = 0; j < 2 * units && cell.resetAfter(); j++) {
            sums[j] += sums[3 * units + j];
        }
        return padded(sums, 0, 3, units);
    }

    @Override
    void grow(int rows) {
        super.grow(rows);
        if (heard.length < state[0].length) {
            heard = new float[state[0].length];
        }
    }

    @Override
    void step(float[] gates, int at, int rows) {
        int stride = gateColumns();
        float[] h = state[0];
        gateWeights.multiply(h, 0, padded, rows, gates, at, stride);
        for (int row = 0; row < rows; row++) {
            activate(recurrentActivation, gates, at + row * stride, 2);
        }
        if (resetAfter) {
            for (int row = 0; row < rows; row++) {
                System.arraycopy(candidateBias, 0, heard, row * padded, padded);
            }
            candidateWeights.multiply(h, 0, padded, rows, heard, 0, padded);
            for (int row = 0; row < rows; row++) {
                addReset(gates, at + row * stride, heard, row * padded, padded);
            }
        } else {
            for (int row = 0; row < rows; row++) {
                reset(gates, at + row * stride, h, heard, row * padded, padded);
            }
            candidateWeights.multiply(heard, 0, padded, rows, gates, at + 2 * padded, stride);
        }
        for (int row = 0; row < rows; row++) {
            activate(activation, gates, at + row * stride + 2 * padded, 1);
            mix(gates, at + row * stride, h, row * padded, padded);
        }
    }

    /** n = fma(r, rec, inp). */
    private static void addReset(float[] gates, int z, float[] heard, int at, int padded) {
        for (int j = 0; j < padded; j += SPECIES.length()) {
            FloatVector r = FloatVector.fromArray(SPECIES, gates, z + padded + j);
            FloatVector inner = FloatVector.fromArray(SPECIES, heard, at + j);
            r.fma(inner, FloatVector.fromArray(SPECIES, gates, z + 2 * padded + j))
                    .intoArray(gates, z + 2 * padded + j);
        }
    }

    /** r * h. */
    private static void reset(float[] gates, int z, float[] h, float[] heard, int at, int padded) {
        for (int j = 0; j < padded; j += SPECIES.length()) {
            FloatVector.fromArray(SPECIES, gates, z + padded + j)
                    .mul(FloatVector.fromArray(SPECIES, h, at + j))
                    .intoArray(heard, at + j);
        }
    }

    /** h' = fma(z, h - n, n). */
    private static void mix(float[] gates, int z, float[] h, int at, int padded) {
        for (int j = 0; j < padded; j += SPECIES.length()) {
            FloatVector n = FloatVector.fromArray(SPECIES, gates, z + 2 * padded + j);
            FloatVector old = FloatVector.fromArray(SPECIES, h, at + j);
            FloatVector.fromArray(SPECIES, gates, z + j).fma(old.sub(n), n).intoArray(h, at + j);
        }
    }
}
