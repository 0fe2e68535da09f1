package io.streamcell.kernels.vector;

import io.streamcell.models.Activation;
import io.streamcell.models.Lstm;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link Lstm} over many rows. */
final class LstmKernel extends CellKernel {
    private static final VectorSpecies<Float> SPECIES = Lanes.SPECIES;
    private final PanelMatrix recurrentWeights;
    private final Activation activation;
    private final Activation recurrentActivation;
    private float[] squashed = {};

    LstmKernel(Lstm cell) {
        super(
                cell.features(),
                cell.units(),
                2,
                new PanelMatrix(cell.inputWeights(), 0, 4, cell.units()),
                padded(cell.bias().values(), 0, 4, cell.units()));
        recurrentWeights = new PanelMatrix(cell.recurrentWeights(), 0, 4, cell.units());
        activation = cell.activation();
        recurrentActivation = cell.recurrentActivation();
    }

    @Override
    void grow(int rows) {
        super.grow(rows);
        if (squashed.length < state[0].length) {
            squashed = new float[state[0].length];
        }
    }

    @Override
    void step(float[] gates, int at, int rows) {
        int stride = gateColumns();
        recurrentWeights.multiply(state[0], 0, padded, rows, gates, at, stride);
        for (int row = 0; row < rows; row++) {
            int z = at + row * stride;
            activate(recurrentActivation, gates, z, 2);
            activate(activation, gates, z + 2 * padded, 1);
            activate(recurrentActivation, gates, z + 3 * padded, 1);
            carry(gates, z, state[1], squashed, row * padded, padded);
        }
        if (activation.rowwise()) {
            for (int row = 0; row < rows; row++) {
                activate(activation, squashed, row * padded, 1);
            }
        } else {
            VectorFunctions.apply(activation, squashed, 0, rows * padded);
        }
        for (int row = 0; row < rows; row++) {
            emit(gates, at + row * stride + 3 * padded, squashed, state[0], row * padded, padded);
        }
    }

    /** c' = fma(f, c, i*g), also copied for its activation. */
    private static void carry(float[] gates, int z, float[] c, float[] copy, int at, int padded) {
        for (int j = 0; j < padded; j += SPECIES.length()) {
            FloatVector i = FloatVector.fromArray(SPECIES, gates, z + j);
            FloatVector f = FloatVector.fromArray(SPECIES, gates, z + padded + j);
            FloatVector g = FloatVector.fromArray(SPECIES, gates, z + 2 * padded + j);
            FloatVector next = f.fma(FloatVector.fromArray(SPECIES, c, at + j), i.mul(g));
            next.intoArray(c, at + j);
            next.intoArray(copy, at + j);
        }
    }

    /** h' = o * g(c'). */
    private static void emit(
            float[] gates, int o, float[] squashed, float[] h, int at, int padded) {
        for (int j = 0; j < padded; j += SPECIES.length()) {
            FloatVector.fromArray(SPECIES, gates, o + j)
                    .mul(FloatVector.fromArray(SPECIES, squashed, at + j))
                    .intoArray(h, at + j);
        }
    }
}
