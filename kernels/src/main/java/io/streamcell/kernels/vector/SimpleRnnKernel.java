package io.streamcell.kernels.vector;

import io.streamcell.models.Activation;
import io.streamcell.models.SimpleRnn;

/** {@link SimpleRnn} over many rows. */
final class SimpleRnnKernel extends CellKernel {
    private final PanelMatrix recurrentWeights;
    private final Activation activation;

    SimpleRnnKernel(SimpleRnn cell) {
        super(
                cell.features(),
                cell.units(),
                1,
                new PanelMatrix(cell.inputWeights(), 0, 1, cell.units()),
                padded(cell.bias().values(), 0, 1, cell.units()));
        recurrentWeights = new PanelMatrix(cell.recurrentWeights(), 0, 1, units);
        activation = cell.activation();
    }

    @Override
    void step(float[] gates, int at, int rows) {
        recurrentWeights.multiply(state[0], 0, padded, rows, gates, at, padded);
        for (int row = 0; row < rows; row++) {
            activate(activation, gates, at + row * padded, 1);
        }
        System.arraycopy(gates, at, state[0], 0, rows * padded);
    }
}
