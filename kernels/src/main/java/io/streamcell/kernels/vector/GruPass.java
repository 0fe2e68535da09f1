package io.streamcell.kernels.vector;

import static io.streamcell.kernels.vector.Lanes.LENGTH;
import static io.streamcell.kernels.vector.Lanes.SPECIES;

import io.streamcell.models.Activation;
import io.streamcell.models.Gru;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * GRU over a batch; planes z, r, the candidate, and a fourth: with reset_after the candidate's
 * recurrent part, else r*h.
 */
final class GruPass extends CellPass {
    private static final int CANDIDATE = 2;
    private static final int FOURTH = 3;

    private final boolean resetAfter;
    private final Activation activation;
    private final Activation recurrentActivation;
    // h to z and r
    private final Product gateProduct;
    // with reset_after h to the fourth plane, else the fourth plane to the candidate
    private final Product candidateProduct;

    GruPass(Gru cell) {
        super(new CellStates(cell.units(), 1), input(cell), 4);
        int units = cell.units();
        float[] bias = cell.bias().values();
        this.resetAfter = cell.resetAfter();
        this.activation = cell.activation();
        this.recurrentActivation = cell.recurrentActivation();
        this.gateProduct =
                new Product(
                        new Panels(cell.recurrentWeights(), 0, 2, units, new float[2 * units]),
                        0,
                        1);
        float[] start =
                resetAfter ? Arrays.copyOfRange(bias, 5 * units, 6 * units) : new float[units];
        this.candidateProduct =
                new Product(
                        new Panels(cell.recurrentWeights(), 2 * units, 1, units, start),
                        resetAfter ? FOURTH : CANDIDATE);
    }

    /** x to z, r and the candidate, from the input bias, with reset_after plus the recurrent. */
    private static Product input(Gru cell) {
        int units = cell.units();
        float[] bias = Arrays.copyOf(cell.bias().values(), 3 * units);
        for (int k = 0; k < 2 * units && cell.resetAfter(); k++) {
            bias[k] += cell.bias().values()[3 * units + k];
        }
        return new Product(new Panels(cell.inputWeights(), 0, 3, units, bias), 0, 1, CANDIDATE);
    }

    @Override
    void advance(int at, int rows) {
        int stride = states().stride();
        gateProduct.read(before(), beforeAt(), stride).write(gates(), at, plane());
        gateProduct.accumulate(rows);
        if (resetAfter) {
            candidateProduct.read(before(), beforeAt(), stride).write(gates(), at, plane());
            candidateProduct.startFromBias(rows);
        } else {
            Pointwise.activate(recurrentActivation, gates(), at + plane(), rows, states().units());
            hear(at, rows * stride);
            candidateProduct
                    .read(gates(), at + FOURTH * plane(), stride)
                    .write(gates(), at, plane())
                    .accumulate(rows);
        }
        int block = pointwiseRows();
        for (int row = 0; row < rows; row += block) {
            pointwise(at + row * stride, row * stride, Math.min(block, rows - row));
        }
    }

    private void pointwise(int at, int from, int rows) {
        int units = states().units();
        int count = rows * states().stride();
        Pointwise.activate(recurrentActivation, gates(), at, rows, units);
        if (resetAfter) {
            Pointwise.activate(recurrentActivation, gates(), at + plane(), rows, units);
            reset(at, count);
        }
        Pointwise.activate(activation, gates(), at + CANDIDATE * plane(), rows, units);
        mix(at, from, count);
    }

    /** The fourth plane is {@code r*h}. */
    private void hear(int at, int count) {
        float[] z = gates();
        float[] h = before();
        int r = at + plane();
        int heard = at + FOURTH * plane();
        for (int k = 0; k < count; k += LENGTH) {
            FloatVector old = FloatVector.fromArray(SPECIES, h, beforeAt() + k);
            FloatVector.fromArray(SPECIES, z, r + k).mul(old).intoArray(z, heard + k);
        }
    }

    /** The candidate's sum is {@code fma(r, recurrent, input)}. */
    private void reset(int at, int count) {
        float[] z = gates();
        int r = at + plane();
        int candidate = at + CANDIDATE * plane();
        int recurrent = at + FOURTH * plane();
        for (int k = 0; k < count; k += LENGTH) {
            FloatVector sum = FloatVector.fromArray(SPECIES, z, candidate + k);
            FloatVector inner = FloatVector.fromArray(SPECIES, z, recurrent + k);
            FloatVector.fromArray(SPECIES, z, r + k).fma(inner, sum).intoArray(z, candidate + k);
        }
    }

    /** {@code h' = fma(z, h - n, n)}. */
    private void mix(int at, int from, int count) {
        float[] gates = gates();
        float[] h = before();
        float[] next = after();
        int old = beforeAt() + from;
        int to = afterAt() + from;
        int candidate = at + CANDIDATE * plane();
        for (int k = 0; k < count; k += LENGTH) {
            FloatVector n = FloatVector.fromArray(SPECIES, gates, candidate + k);
            FloatVector kept = FloatVector.fromArray(SPECIES, h, old + k).sub(n);
            FloatVector z = FloatVector.fromArray(SPECIES, gates, at + k);
            z.fma(kept, n).intoArray(next, to + k);
        }
    }
}
