package io.streamcell.kernels.jni;

import io.streamcell.models.Activation;
import io.streamcell.models.CellOp;
import io.streamcell.models.ComposedCell;
import io.streamcell.models.ElementFunction;
import io.streamcell.models.Weights;
import java.util.Arrays;
import java.util.List;

/** Hands a composed cell over to the native side, operation by operation. */
final class ComposedBuilder {
    /** The kinds of operations in {@code composed.h}. */
    private enum Kind {
        AFFINE,
        CONSTANT,
        ACTIVATE,
        TICK,
        TANH,
        SIGMOID,
        SCALE,
        CLIP,
        LEAKY,
        ABOVE,
        ELU,
        COMPLEMENT,
        ADD,
        SUBTRACT,
        MULTIPLY,
        FUSED,
        CLOCKED
    }

    private static final ElementFunction NOTHING = ElementFunction.of(Activation.LINEAR);
    private static final float[] NO_VALUES = new float[0];

    private final ComposedCell cell;
    private final long program;

    private ComposedBuilder(ComposedCell cell, long program) {
        this.cell = cell;
        this.program = program;
    }

    /** Adds the cell; false where memory is out. */
    static boolean build(ComposedCell cell, long program) {
        return new ComposedBuilder(cell, program).build();
    }

    private boolean build() {
        boolean done =
                NativeProgram.composed(
                        program,
                        array(cell.registerWidths()),
                        array(cell.nextStates()),
                        cell.output(),
                        cell.units());
        for (int k = 0; k < cell.ops().size() && done; k++) {
            CellOp op = cell.ops().get(k);
            done = op instanceof CellOp.Affine affine ? affine(affine) : operation(op);
        }
        return done;
    }

    private boolean affine(CellOp.Affine affine) {
        boolean done =
                NativeProgram.affine(
                        program,
                        affine.gates(),
                        affine.width(),
                        affine.start(),
                        affine.bias().values());
        List<CellOp.Term> terms = affine.terms();
        for (int k = 0; k < terms.size() && done; k++) {
            CellOp.Term x = terms.get(k);
            Weights weights = x.weights();
            int width = weights.columns() / affine.gates();
            if (k + 1 < terms.size() && terms.get(k + 1).weights().columns() == weights.columns()) {
                CellOp.Term h = terms.get(++k);
                int[] places = {
                    width,
                    x.register(),
                    x.from(),
                    weights.rows(),
                    h.register(),
                    h.from(),
                    h.weights().rows()
                };
                done = NativeProgram.terms(program, places, weights.values(), h.weights().values());
            } else {
                int[] places = {width, x.register(), x.from(), weights.rows(), -1, 0, 0};
                done = NativeProgram.terms(program, places, weights.values(), NO_VALUES);
            }
        }
        return done;
    }

    private boolean operation(CellOp op) {
        int[] reads = array(op.reads());
        if (op instanceof CellOp.Constant constant) {
            return add(Kind.CONSTANT, NOTHING, 0, reads, constant.values().values());
        } else if (op instanceof CellOp.Apply apply) {
            return add(kind(apply.function()), apply.function(), 0, reads, NO_VALUES);
        } else if (op instanceof CellOp.Combine combine) {
            return add(Kind.valueOf(combine.kind().name()), NOTHING, 0, reads, NO_VALUES);
        } else if (op instanceof CellOp.Clocked clocked) {
            int[] from = {clocked.fresh(), clocked.kept(), clocked.clock()};
            return add(Kind.CLOCKED, NOTHING, 0, from, periods(clocked));
        } else if (op instanceof CellOp.Tick tick) {
            return add(Kind.TICK, NOTHING, tick.limit(), reads, NO_VALUES);
        }
        return add(Kind.FUSED, NOTHING, 0, reads, NO_VALUES);
    }

    /** The period of each unit. */
    private float[] periods(CellOp.Clocked clocked) {
        float[] periods = new float[cell.registerWidths().get(clocked.fresh())];
        int modules = clocked.periods().size();
        for (int module = 0; module < modules; module++) {
            int from = CellOp.Clocked.first(module, modules, periods.length);
            int to = CellOp.Clocked.first(module + 1, modules, periods.length);
            Arrays.fill(periods, from, to, clocked.periods().get(module));
        }
        return periods;
    }

    private static Kind kind(ElementFunction function) {
        if (function.kind() != ElementFunction.Kind.ACTIVATION) {
            return Kind.valueOf(function.kind().name());
        }
        return switch (function.activation()) {
            case TANH -> Kind.TANH;
            case SIGMOID -> Kind.SIGMOID;
            default -> Kind.ACTIVATE;
        };
    }

    private boolean add(
            Kind kind, ElementFunction function, int number, int[] reads, float[] values) {
        int[] description = {kind.ordinal(), function.activation().ordinal(), number};
        return NativeProgram.operation(
                program, description, reads, function.alpha(), function.beta(), values);
    }

    private static int[] array(List<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).toArray();
    }
}
