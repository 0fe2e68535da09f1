package io.streamcell.kernels.nd4j;

import io.streamcell.kernels.functions.Clock;
import io.streamcell.models.CellOp;
import io.streamcell.models.ComposedCell;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The timestep of a {@link ComposedCell}, operation by operation, each over all rows. */
final class ComposedStep implements Nd4jCell.Step {
    private final ComposedCell cell;
    // each [rows, gates*width], in the order of its operation's terms
    private final IdentityHashMap<CellOp.Term, INDArray> weights = new IdentityHashMap<>();
    // biases of affine operations and values of constants, each [1, count]
    private final IdentityHashMap<CellOp, INDArray> vectors = new IdentityHashMap<>();

    ComposedStep(ComposedCell cell, HeldArrays held) {
        this.cell = cell;
        for (CellOp op : cell.ops()) {
            if (op instanceof CellOp.Affine affine) {
                vectors.put(op, held.matrix(affine.bias()));
                affine.terms().forEach(term -> weights.put(term, held.matrix(term.weights())));
            } else if (op instanceof CellOp.Constant constant) {
                vectors.put(op, held.matrix(constant.values()));
            }
        }
    }

    @Override
    public Nd4jCell.Advanced advance(INDArray inputs, List<INDArray> states) {
        List<INDArray> registers = new ArrayList<>();
        registers.add(inputs);
        registers.addAll(states);
        for (CellOp op : cell.ops()) {
            if (op instanceof CellOp.Affine affine) {
                affine(affine, registers);
            } else {
                registers.add(run(op, registers));
            }
        }
        return new Nd4jCell.Advanced(
                registers.get(cell.output()),
                cell.nextStates().stream().map(registers::get).toList());
    }

    private void affine(CellOp.Affine affine, List<INDArray> registers) {
        INDArray sums = null;
        for (CellOp.Term term : affine.terms()) {
            INDArray w = weights.get(term);
            INDArray x =
                    Rows.columns(
                            registers.get(term.register()), term.from(), term.from() + w.rows());
            if (sums == null) {
                sums = x.mmul(w);
            } else {
                Rows.columns(sums, 0, w.columns()).addi(x.mmul(w));
            }
        }
        boolean started = affine.start() != CellOp.NONE;
        if (!started) {
            sums.addiRowVector(vectors.get(affine));
        }
        for (int gate = 0; gate < affine.gates(); gate++) {
            int from = gate * affine.width();
            INDArray sum = Rows.columns(sums, from, from + affine.width());
            registers.add(started ? sum.add(registers.get(affine.start() + gate)) : sum);
        }
    }

    private INDArray run(CellOp op, List<INDArray> registers) {
        if (op instanceof CellOp.Constant) {
            INDArray values = vectors.get(op);
            return Rows.blank(registers.get(0).rows(), values.columns())
                    .assign(0)
                    .addiRowVector(values);
        } else if (op instanceof CellOp.Apply apply) {
            return Functions.apply(apply.function(), registers.get(apply.x()));
        } else if (op instanceof CellOp.Combine combine) {
            return combine(combine, registers.get(combine.x()), registers.get(combine.y()));
        } else if (op instanceof CellOp.Fused fused) {
            return registers
                    .get(fused.x())
                    .mul(registers.get(fused.y()))
                    .addi(registers.get(fused.z()));
        } else if (op instanceof CellOp.Clocked clocked) {
            return clocked(clocked, registers);
        }
        CellOp.Tick tick = (CellOp.Tick) op;
        float[] times = Rows.values(registers.get(tick.clock()));
        for (int row = 0; row < times.length; row++) {
            times[row] = Clock.next(times[row], tick.limit());
        }
        return Rows.array(times, 1);
    }

    private static INDArray combine(CellOp.Combine combine, INDArray x, INDArray y) {
        return switch (combine.kind()) {
            case ADD -> x.add(y);
            case SUBTRACT -> x.sub(y);
            case MULTIPLY -> x.mul(y);
        };
    }

    private static INDArray clocked(CellOp.Clocked clocked, List<INDArray> registers) {
        float[] times = Rows.values(registers.get(clocked.clock()));
        float[] fresh = Rows.values(registers.get(clocked.fresh()));
        float[] next = Rows.values(registers.get(clocked.kept()));
        int units = next.length / times.length;
        int modules = clocked.periods().size();
        for (int module = 0; module < modules; module++) {
            int from = CellOp.Clocked.first(module, modules, units);
            int to = CellOp.Clocked.first(module + 1, modules, units);
            for (int row = 0; row < times.length; row++) {
                if (Clock.due(times[row], clocked.periods().get(module))) {
                    int at = row * units + from;
                    System.arraycopy(fresh, at, next, at, to - from);
                }
            }
        }
        return Rows.array(next, units);
    }
}
