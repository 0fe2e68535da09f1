package io.streamcell.kernels.nd4j;

import io.streamcell.kernels.HostSlab;
import io.streamcell.models.Cell;
import io.streamcell.models.Recurrent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A cell, or a stack of cells, over the sequences of a batch: cell after cell, each timestep after
 * timestep over the rows that have it.
 */
final class CellLayer {
    private final Recurrent layer;
    private final int offset;
    private final List<Nd4jCell.Step> steps;

    private CellLayer(Recurrent layer, int offset, List<Nd4jCell.Step> steps) {
        this.layer = layer;
        this.offset = offset;
        this.steps = steps;
    }

    /**
     * @param offset where the layer's state begins in a slot
     */
    static CellLayer of(Recurrent layer, int offset, HeldArrays weights) {
        List<Nd4jCell.Step> steps = new ArrayList<>();
        for (Cell cell : layer.cells()) {
            steps.add(CellSteps.of(layer.name(), cell, weights));
        }
        return new CellLayer(layer, offset, steps);
    }

    /**
     * Advances the states in the slab and gives the layer's outputs.
     *
     * @param x {@code [sum of timesteps, features]}
     */
    INDArray[] advance(INDArray x, HostSlab slab, Rows rows, int axis) {
        TimeMajor order = rows.order(axis);
        INDArray sequence = x;
        List<INDArray> states = new ArrayList<>();
        int at = offset;
        for (int k = 0; k < steps.size(); k++) {
            Cell cell = layer.cells().get(k);
            INDArray[] state = new INDArray[cell.stateSizes().size()];
            for (int n = 0; n < state.length; n++) {
                int size = cell.stateSizes().get(n);
                state[n] = read(slab, rows, order, at, size);
                at += size;
            }
            sequence = advance(steps.get(k), cell.units(), sequence, state, order);
            states.addAll(Arrays.asList(state));
        }
        at = offset;
        for (INDArray state : states) {
            write(state, slab, rows, order, at);
            at += state.columns();
        }
        INDArray[] outputs = new INDArray[1 + states.size()];
        outputs[0] = layer.returnSequences() ? sequence : last(sequence, rows, axis);
        for (int k = 0; layer.returnState() && k < states.size(); k++) {
            outputs[1 + k] = Nd4j.pullRows(states.get(k), 1, order.placesOfRows());
        }
        return outputs;
    }

    /**
     * One cell over the sequences.
     *
     * @param states {@code [rows, size]} each, by place; replaced by those after the last timestep
     */
    private static INDArray advance(
            Nd4jCell.Step step, int units, INDArray x, INDArray[] states, TimeMajor order) {
        INDArray outputs = Rows.blank(order.total(), units);
        INDArray[] now = states.clone();
        INDArray[] next = like(states);
        INDArray[] last = like(states);
        for (int t = 0; t < order.longest(); t++) {
            int active = order.active(t);
            int start = order.start(t);
            try (MemoryWorkspace scope = Scopes.timestep()) {
                List<INDArray> before = new ArrayList<>();
                for (INDArray state : now) {
                    before.add(Rows.part(state, 0, active));
                }
                Nd4jCell.Advanced after = step.advance(Rows.part(x, start, start + active), before);
                Rows.part(outputs, start, start + active).assign(after.output());
                for (int k = 0; k < next.length; k++) {
                    Rows.part(next[k], 0, active).assign(after.states().get(k));
                }
            }
            int left = order.active(t + 1);
            for (int k = 0; k < next.length && left < active; k++) {
                Rows.part(last[k], left, active).assign(Rows.part(next[k], left, active));
            }
            INDArray[] old = now;
            now = next;
            next = old;
        }
        System.arraycopy(last, 0, states, 0, states.length);
        return outputs;
    }

    private static INDArray[] like(INDArray[] states) {
        INDArray[] blank = new INDArray[states.length];
        for (int k = 0; k < blank.length; k++) {
            blank[k] = Rows.blank(states[k].rows(), states[k].columns());
        }
        return blank;
    }

    private static INDArray last(INDArray sequence, Rows rows, int axis) {
        int[] lasts = new int[rows.count()];
        Arrays.setAll(lasts, row -> rows.order(axis).at(row, rows.timesteps(axis, row) - 1));
        return Nd4j.pullRows(sequence, 1, lasts);
    }

    private static INDArray read(HostSlab slab, Rows rows, TimeMajor order, int at, int size) {
        float[] values = new float[order.count() * size];
        for (int place = 0; place < order.count(); place++) {
            int slot = rows.slot(order.row(place));
            System.arraycopy(slab.page(slot), slab.offset(slot) + at, values, place * size, size);
        }
        return Rows.array(values, size);
    }

    private static void write(INDArray state, HostSlab slab, Rows rows, TimeMajor order, int at) {
        float[] values = Rows.values(state);
        int size = state.columns();
        for (int place = 0; place < order.count(); place++) {
            int slot = rows.slot(order.row(place));
            Rows.canonical(values, place * size, slab.page(slot), slab.offset(slot) + at, size);
        }
    }
}
