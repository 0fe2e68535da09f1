package io.streamcell.kernels.reference;

import io.streamcell.kernels.functions.Clock;
import io.streamcell.kernels.functions.ElementFunctions;
import io.streamcell.models.CellOp;
import io.streamcell.models.ComposedCell;
import java.util.Arrays;
import java.util.List;

/** One timestep of a {@link ComposedCell} for one stream, operation by operation. */
final class ComposedSteps {
    private final ComposedCell cell;
    private final List<Integer> widths;
    // registers[r]: the values of register r
    private final float[][] registers;

    ComposedSteps(ComposedCell cell) {
        this.cell = cell;
        this.widths = cell.registerWidths();
        this.registers = new float[widths.size()][];
    }

    /**
     * Advances the state, in place, and gives the output.
     *
     * @param offset of the cell's state tensors
     */
    float[] step(float[] x, int at, float[] state, int offset) {
        registers[0] = Arrays.copyOfRange(x, at, at + cell.features());
        int from = offset;
        for (int k = 0; k < cell.stateSizes().size(); k++) {
            int to = from + cell.stateSizes().get(k);
            registers[1 + k] = Arrays.copyOfRange(state, from, to);
            from = to;
        }
        int next = 1 + cell.stateSizes().size();
        for (CellOp op : cell.ops()) {
            run(op, next);
            next += op.gives();
        }
        int to = offset;
        for (int register : cell.nextStates()) {
            System.arraycopy(registers[register], 0, state, to, widths.get(register));
            to += widths.get(register);
        }
        return registers[cell.output()];
    }

    private void run(CellOp op, int to) {
        if (op instanceof CellOp.Affine affine) {
            affine(affine, to);
        } else if (op instanceof CellOp.Constant constant) {
            registers[to] = constant.values().values();
        } else if (op instanceof CellOp.Apply apply) {
            registers[to] = registers[apply.x()].clone();
            ElementFunctions.apply(apply.function(), registers[to], 0, widths.get(to));
        } else if (op instanceof CellOp.Combine combine) {
            registers[to] = combine(combine.kind(), registers[combine.x()], registers[combine.y()]);
        } else if (op instanceof CellOp.Fused fused) {
            registers[to] = fused(registers[fused.x()], registers[fused.y()], registers[fused.z()]);
        } else if (op instanceof CellOp.Clocked clocked) {
            registers[to] = clocked(clocked);
        } else if (op instanceof CellOp.Tick tick) {
            registers[to] = new float[] {Clock.next(registers[tick.clock()][0], tick.limit())};
        }
    }

    private void affine(CellOp.Affine affine, int to) {
        int width = affine.width();
        float[] sums = affine.bias().values().clone();
        if (affine.start() != CellOp.NONE) {
            for (int gate = 0; gate < affine.gates(); gate++) {
                System.arraycopy(registers[affine.start() + gate], 0, sums, gate * width, width);
            }
        }
        for (CellOp.Term term : affine.terms()) {
            CellSteps.chain(sums, registers[term.register()], term.from(), term.weights(), 0);
        }
        for (int gate = 0; gate < affine.gates(); gate++) {
            registers[to + gate] = Arrays.copyOfRange(sums, gate * width, (gate + 1) * width);
        }
    }

    private static float[] combine(CellOp.Combine.Kind kind, float[] x, float[] y) {
        float[] result = new float[x.length];
        for (int k = 0; k < result.length; k++) {
            result[k] =
                    switch (kind) {
                        case ADD -> x[k] + y[k];
                        case SUBTRACT -> x[k] - y[k];
                        case MULTIPLY -> x[k] * y[k];
                    };
        }
        return result;
    }

    private static float[] fused(float[] x, float[] y, float[] z) {
        float[] result = new float[x.length];
        for (int k = 0; k < result.length; k++) {
            result[k] = Math.fma(x[k], y[k], z[k]);
        }
        return result;
    }

    private float[] clocked(CellOp.Clocked clocked) {
        float time = registers[clocked.clock()][0];
        float[] next = registers[clocked.kept()].clone();
        int modules = clocked.periods().size();
        for (int module = 0; module < modules; module++) {
            if (Clock.due(time, clocked.periods().get(module))) {
                int from = CellOp.Clocked.first(module, modules, next.length);
                int to = CellOp.Clocked.first(module + 1, modules, next.length);
                System.arraycopy(registers[clocked.fresh()], from, next, from, to - from);
            }
        }
        return next;
    }
}
