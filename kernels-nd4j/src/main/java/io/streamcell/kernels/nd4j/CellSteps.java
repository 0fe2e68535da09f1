package io.streamcell.kernels.nd4j;

import io.streamcell.models.Activation;
import io.streamcell.models.Cell;
import io.streamcell.models.ComposedCell;
import io.streamcell.models.CustomCell;
import io.streamcell.models.Gru;
import io.streamcell.models.Lstm;
import io.streamcell.models.SimpleRnn;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The timestep of each kind of cell. */
final class CellSteps {
    private CellSteps() {}

    /**
     * @param layer the name of the layer whose cell it is
     * @throws io.streamcell.kernels.KernelException if no class computes the cell
     */
    static Nd4jCell.Step of(String layer, Cell cell, HeldArrays weights) {
        if (cell instanceof Lstm lstm) {
            return lstm(lstm, weights);
        } else if (cell instanceof Gru gru) {
            return gru.resetAfter() ? gru(gru, weights) : gruResetBefore(gru, weights);
        } else if (cell instanceof SimpleRnn simple) {
            return simpleRnn(simple, weights);
        } else if (cell instanceof ComposedCell composed) {
            return new ComposedStep(composed, weights);
        }
        return AddedCell.of(layer, (CustomCell) cell, weights);
    }

    /** Gates i, f, c, o; {@code c' = f*c + i*g(z_c); h' = o*g(c')}. */
    private static Nd4jCell.Step lstm(Lstm cell, HeldArrays weights) {
        int units = cell.units();
        INDArray w = weights.matrix(cell.inputWeights());
        INDArray r = weights.matrix(cell.recurrentWeights());
        INDArray b = weights.matrix(cell.bias());
        return (x, states) -> {
            INDArray z = x.mmul(w).addi(states.get(0).mmul(r)).addiRowVector(b);
            INDArray i = gate(cell.recurrentActivation(), z, 0, units);
            INDArray f = gate(cell.recurrentActivation(), z, 1, units);
            INDArray g = gate(cell.activation(), z, 2, units);
            INDArray o = gate(cell.recurrentActivation(), z, 3, units);
            INDArray c = f.mul(states.get(1)).addi(i.mul(g));
            INDArray h = o.mul(activated(cell.activation(), c));
            return new Nd4jCell.Advanced(h, List.of(h, c));
        };
    }

    /** Gates z, r, h; the candidate is {@code g(xW_h + b_ih + r*(hR_h + b_rh))}. */
    private static Nd4jCell.Step gru(Gru cell, HeldArrays weights) {
        int units = cell.units();
        INDArray w = weights.matrix(cell.inputWeights());
        INDArray r = weights.matrix(cell.recurrentWeights());
        INDArray inputBias = weights.rows(cell.bias(), 0, 1);
        INDArray recurrentBias = weights.rows(cell.bias(), 1, 2);
        return (x, states) -> {
            INDArray h = states.get(0);
            INDArray input = x.mmul(w).addiRowVector(inputBias);
            INDArray recurrent = h.mmul(r).addiRowVector(recurrentBias);
            INDArray sum = input.add(recurrent);
            INDArray update = gate(cell.recurrentActivation(), sum, 0, units);
            INDArray reset = gate(cell.recurrentActivation(), sum, 1, units);
            INDArray candidate = part(recurrent, 2, units).mul(reset).addi(part(input, 2, units));
            return blended(update, h, activated(cell.activation(), candidate));
        };
    }

    /** Gates z, r, h; the candidate is {@code g(xW_h + (r*h)R_h + b_h)}. */
    private static Nd4jCell.Step gruResetBefore(Gru cell, HeldArrays weights) {
        int units = cell.units();
        INDArray w = weights.matrix(cell.inputWeights());
        INDArray r = weights.matrix(cell.recurrentWeights());
        INDArray b = weights.matrix(cell.bias());
        return (x, states) -> {
            INDArray h = states.get(0);
            INDArray input = x.mmul(w).addiRowVector(b);
            INDArray gates =
                    h.mmul(Rows.columns(r, 0, 2 * units)).addi(Rows.columns(input, 0, 2 * units));
            INDArray update = gate(cell.recurrentActivation(), gates, 0, units);
            INDArray reset = gate(cell.recurrentActivation(), gates, 1, units);
            INDArray candidate = reset.mul(h).mmul(part(r, 2, units)).addi(part(input, 2, units));
            return blended(update, h, activated(cell.activation(), candidate));
        };
    }

    /** {@code h' = z*h + (1-z)*n}. */
    private static Nd4jCell.Advanced blended(INDArray update, INDArray h, INDArray candidate) {
        INDArray next = h.sub(candidate).muli(update).addi(candidate);
        return new Nd4jCell.Advanced(next, List.of(next));
    }

    /** {@code h' = g(xW + hR + b)}. */
    private static Nd4jCell.Step simpleRnn(SimpleRnn cell, HeldArrays weights) {
        INDArray w = weights.matrix(cell.inputWeights());
        INDArray r = weights.matrix(cell.recurrentWeights());
        INDArray b = weights.matrix(cell.bias());
        return (x, states) -> {
            INDArray z = x.mmul(w).addi(states.get(0).mmul(r)).addiRowVector(b);
            INDArray h = activated(cell.activation(), z);
            return new Nd4jCell.Advanced(h, List.of(h));
        };
    }

    private static INDArray part(INDArray z, int gate, int units) {
        return Rows.columns(z, gate * units, (gate + 1) * units);
    }

    private static INDArray gate(Activation activation, INDArray z, int gate, int units) {
        return activated(activation, part(z, gate, units));
    }

    /** A new array; for glu the first half holds the result, as in every provider's cells. */
    private static INDArray activated(Activation activation, INDArray z) {
        if (activation != Activation.GLU) {
            return Functions.apply(activation, z);
        }
        INDArray gated = Functions.apply(activation, z);
        return Nd4j.concat(1, gated, Rows.columns(z, z.columns() / 2, z.columns()));
    }
}
