package io.streamcell.kernels.reference;

import io.streamcell.kernels.functions.Activations;
import io.streamcell.models.Cell;
import io.streamcell.models.ComposedCell;
import io.streamcell.models.Gru;
import io.streamcell.models.Lstm;
import io.streamcell.models.Recurrent;
import io.streamcell.models.SimpleRnn;
import io.streamcell.models.Weights;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * Advances one stream through a recurrent layer, timestep by timestep. The state is a copy of the
 * slab's.
 */
final class CellSteps {
    private final List<Cell> cells;
    private final IdentityHashMap<Cell, ComposedSteps> composed = new IdentityHashMap<>();
    private final float[] state;

    CellSteps(Recurrent layer, float[] page, int offset) {
        this.cells = layer.cells();
        this.state = Arrays.copyOfRange(page, offset, offset + layer.stateWidth());
        for (Cell cell : cells) {
            if (cell instanceof ComposedCell steps) {
                composed.put(cell, new ComposedSteps(steps));
            }
        }
    }

    /** The layer's state, cell after cell. */
    float[] state() {
        return state;
    }

    /** One timestep of every cell of the stack, lowest first; gives the last one's output. */
    float[] step(float[] inputs, int from) {
        float[] x = inputs;
        int at = from;
        int offset = 0;
        for (Cell cell : cells) {
            if (composed.containsKey(cell)) {
                x = composed.get(cell).step(x, at, state, offset);
            } else {
                step(cell, x, at, offset);
                x = Arrays.copyOfRange(state, offset, offset + cell.units());
            }
            at = 0;
            for (int size : cell.stateSizes()) {
                offset += size;
            }
        }
        return x;
    }

    private void step(Cell cell, float[] x, int at, int offset) {
        if (cell instanceof Lstm lstm) {
            lstm(lstm, x, at, offset);
        } else if (cell instanceof Gru gru) {
            gru(gru, x, at, offset);
        } else {
            simpleRnn((SimpleRnn) cell, x, at, offset);
        }
    }

    private void lstm(Lstm cell, float[] x, int at, int offset) {
        int units = cell.units();
        float[] z = cell.bias().values().clone();
        chain(z, x, at, cell.inputWeights(), 0);
        chain(z, state, offset, cell.recurrentWeights(), 0);
        Activations.apply(cell.recurrentActivation(), z, 0, units);
        Activations.apply(cell.recurrentActivation(), z, units, units);
        Activations.apply(cell.activation(), z, 2 * units, units);
        Activations.apply(cell.recurrentActivation(), z, 3 * units, units);
        float[] c = new float[units];
        for (int j = 0; j < units; j++) {
            int old = offset + units + j;
            state[old] = Math.fma(z[units + j], state[old], z[j] * z[2 * units + j]);
            c[j] = state[old];
        }
        Activations.apply(cell.activation(), c, 0, units);
        for (int j = 0; j < units; j++) {
            state[offset + j] = z[3 * units + j] * c[j];
        }
    }

    private void gru(Gru cell, float[] x, int at, int offset) {
        int units = cell.units();
        float[] bias = cell.bias().values();
        float[] z = Arrays.copyOf(bias, 3 * units);
        for (int j = 0; j < 2 * units && cell.resetAfter(); j++) {
            z[j] = bias[j] + bias[3 * units + j];
        }
        chain(z, x, at, cell.inputWeights(), 0);
        float[] gates = Arrays.copyOf(z, 2 * units);
        chain(gates, state, offset, cell.recurrentWeights(), 0);
        Activations.apply(cell.recurrentActivation(), gates, 0, units);
        Activations.apply(cell.recurrentActivation(), gates, units, units);
        float[] candidate = Arrays.copyOfRange(z, 2 * units, 3 * units);
        if (cell.resetAfter()) {
            float[] inner = Arrays.copyOfRange(bias, 5 * units, 6 * units);
            chain(inner, state, offset, cell.recurrentWeights(), 2 * units);
            for (int j = 0; j < units; j++) {
                candidate[j] = Math.fma(gates[units + j], inner[j], candidate[j]);
            }
        } else {
            float[] heard = new float[units];
            for (int j = 0; j < units; j++) {
                heard[j] = gates[units + j] * state[offset + j];
            }
            chain(candidate, heard, 0, cell.recurrentWeights(), 2 * units);
        }
        Activations.apply(cell.activation(), candidate, 0, units);
        for (int j = 0; j < units; j++) {
            float h = state[offset + j];
            state[offset + j] = Math.fma(gates[j], h - candidate[j], candidate[j]);
        }
    }

    private void simpleRnn(SimpleRnn cell, float[] x, int at, int offset) {
        float[] z = cell.bias().values().clone();
        chain(z, x, at, cell.inputWeights(), 0);
        chain(z, state, offset, cell.recurrentWeights(), 0);
        Activations.apply(cell.activation(), z, 0, cell.units());
        System.arraycopy(z, 0, state, offset, cell.units());
    }

    /**
     * Adds {@code vW} to the accumulators, or to the first of them where the weights have fewer
     * columns, over ascending k, fused.
     *
     * @param firstColumn of the weights, for the first accumulator
     */
    static void chain(float[] accumulators, float[] v, int at, Weights weights, int firstColumn) {
        float[] w = weights.values();
        int columns = weights.columns();
        int count = Math.min(accumulators.length, columns - firstColumn);
        for (int k = 0; k < weights.rows(); k++) {
            for (int j = 0; j < count; j++) {
                accumulators[j] =
                        Math.fma(v[at + k], w[k * columns + firstColumn + j], accumulators[j]);
            }
        }
    }
}
