package io.streamcell.kernels.vector;

import static io.streamcell.kernels.vector.Lanes.LENGTH;
import static io.streamcell.kernels.vector.Lanes.SPECIES;

import io.streamcell.models.Activation;
import io.streamcell.models.Lstm;
import io.streamcell.models.Weights;
import jdk.incubator.vector.FloatVector;

/** LSTM over a batch; planes i, f, c, o. */
final class LstmPass extends CellPass {
    private final Activation activation;
    private final Activation recurrentActivation;
    private final Product recurrent;

    LstmPass(Lstm cell) {
        super(new CellStates(cell.units(), 2), product(cell, cell.inputWeights()), 4);
        this.activation = cell.activation();
        this.recurrentActivation = cell.recurrentActivation();
        this.recurrent = product(cell, cell.recurrentWeights());
    }

    private static Product product(Lstm cell, Weights weights) {
        return new Product(
                new Panels(weights, 0, 4, cell.units(), cell.bias().values()), 0, 1, 2, 3);
    }

    @Override
    void advance(int at, int rows) {
        int stride = states().stride();
        recurrent.read(before(), beforeAt(), stride).write(gates(), at, plane()).accumulate(rows);
        int block = pointwiseRows();
        for (int row = 0; row < rows; row += block) {
            pointwise(at + row * stride, row * stride, Math.min(block, rows - row));
        }
    }

    private void pointwise(int i, int from, int rows) {
        int units = states().units();
        int f = i + plane();
        int g = f + plane();
        int o = g + plane();
        Pointwise.activate(recurrentActivation, gates(), i, rows, units);
        Pointwise.activate(recurrentActivation, gates(), f, rows, units);
        Pointwise.activate(activation, gates(), g, rows, units);
        Pointwise.activate(recurrentActivation, gates(), o, rows, units);
        int count = rows * states().stride();
        advanceCells(i, states().tensor(1), from, count);
        Pointwise.activate(activation, gates(), g, rows, units);
        hide(g, o, from, count);
    }

    /** {@code c' = fma(f, c, i*g)}, also put in the place of g. */
    private void advanceCells(int at, float[] c, int from, int count) {
        float[] z = gates();
        int f = plane();
        int g = 2 * plane();
        for (int k = 0; k < count; k += LENGTH) {
            FloatVector i = FloatVector.fromArray(SPECIES, z, at + k);
            FloatVector added = i.mul(FloatVector.fromArray(SPECIES, z, at + g + k));
            FloatVector old = FloatVector.fromArray(SPECIES, c, from + k);
            FloatVector cell = FloatVector.fromArray(SPECIES, z, at + f + k).fma(old, added);
            cell.intoArray(c, from + k);
            cell.intoArray(z, at + g + k);
        }
    }

    /** {@code h' = o*g(c')}. */
    private void hide(int g, int o, int from, int count) {
        float[] z = gates();
        float[] h = after();
        int to = afterAt() + from;
        for (int k = 0; k < count; k += LENGTH) {
            FloatVector output = FloatVector.fromArray(SPECIES, z, o + k);
            output.mul(FloatVector.fromArray(SPECIES, z, g + k)).intoArray(h, to + k);
        }
    }
}
