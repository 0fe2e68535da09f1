package io.streamcell.kernels.vector;

import io.streamcell.models.Activation;
import io.streamcell.models.SimpleRnn;
import io.streamcell.models.Weights;

/** SimpleRNN over a batch; one plane. */
final class SimpleRnnPass extends CellPass {
    private final Activation activation;
    private final Product recurrent;

    SimpleRnnPass(SimpleRnn cell) {
        super(new CellStates(cell.units(), 1), product(cell, cell.inputWeights()), 1);
        this.activation = cell.activation();
        this.recurrent = product(cell, cell.recurrentWeights());
    }

    private static Product product(SimpleRnn cell, Weights weights) {
        return new Product(new Panels(weights, 0, 1, cell.units(), cell.bias().values()), 0);
    }

    @Override
    void advance(int at, int rows) {
        int stride = states().stride();
        recurrent.read(before(), beforeAt(), stride).write(gates(), at, plane()).accumulate(rows);
        Pointwise.activate(activation, gates(), at, rows, states().units());
        System.arraycopy(gates(), at, after(), afterAt(), rows * stride);
    }
}
