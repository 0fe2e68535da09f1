package io.streamcell.kernels.jni;

import io.streamcell.models.Activation;
import io.streamcell.models.CellOp;
import io.streamcell.models.ComposedCell;
import io.streamcell.models.ElementFunction;
import java.util.List;

/** Hands a composed cell over to the native side, operation by operation. */
final class ComposedBuilder {
    /** The kinds of operations in {@code composed.h}. */
    private enum Kind {
        AFFINE,
        CONSTANT,
        APPLY,
        ADD,
        SUBTRACT,
        MULTIPLY,
        FUSED,
        CLOCKED,
        TICK,
        JOIN,
        SLICE
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
        int first = 1 + cell.stateSizes().size();
        for (int k = 0; k < cell.ops().size() && done; k++) {
            CellOp op = cell.ops().get(k);
            done =
                    op instanceof CellOp.Affine affine
                            ? affine(affine)
                            : operation(op, inPlace(k, first));
            first += op.gives();
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
        for (int k = 0; k < terms.size() && done; k += 2) {
            CellOp.Term x = terms.get(k);
            if (k + 1 < terms.size()) {
                CellOp.Term h = terms.get(k + 1);
                int[] places = {
                    x.register(), x.from(), x.weights().rows(),
                    h.register(), h.from(), h.weights().rows()
                };
                done =
                        NativeProgram.terms(
                                program, places, x.weights().values(), h.weights().values());
            } else {
                int[] places = {x.register(), x.from(), x.weights().rows(), -1, 0, 0};
                done = NativeProgram.terms(program, places, x.weights().values(), NO_VALUES);
            }
        }
        return done;
    }

    private boolean operation(CellOp op, boolean inPlace) {
        int[] reads = array(op.reads());
        if (op instanceof CellOp.Constant constant) {
            return add(Kind.CONSTANT, NOTHING, false, 0, reads, constant.values().values());
        } else if (op instanceof CellOp.Apply apply) {
            return add(Kind.APPLY, apply.function(), inPlace, 0, reads, NO_VALUES);
        } else if (op instanceof CellOp.Combine combine) {
            Kind kind = Kind.valueOf(combine.kind().name());
            return add(kind, NOTHING, false, 0, reads, NO_VALUES);
        } else if (op instanceof CellOp.Clocked clocked) {
            return add(Kind.CLOCKED, NOTHING, false, clocked.period(), reads, NO_VALUES);
        } else if (op instanceof CellOp.Tick tick) {
            return add(Kind.TICK, NOTHING, false, tick.limit(), reads, NO_VALUES);
        } else if (op instanceof CellOp.Slice slice) {
            return add(Kind.SLICE, NOTHING, false, slice.from(), reads, NO_VALUES);
        }
        Kind kind = op instanceof CellOp.Join ? Kind.JOIN : Kind.FUSED;
        return add(kind, NOTHING, false, 0, reads, NO_VALUES);
    }

    private boolean add(
            Kind kind,
            ElementFunction function,
            boolean inPlace,
            int number,
            int[] reads,
            float[] values) {
        int[] description = {
            kind.ordinal(),
            function.kind().ordinal(),
            function.activation().ordinal(),
            inPlace ? 1 : 0,
            number
        };
        return NativeProgram.operation(
                program, description, reads, function.alpha(), function.beta(), values);
    }

    /**
     * Whether a function's argument, which an operation before gave, is read by nothing after it.
     */
    private boolean inPlace(int number, int first) {
        if (!(cell.ops().get(number) instanceof CellOp.Apply apply) || constant(apply.x())) {
            return false;
        }
        int x = apply.x();
        boolean needed =
                x <= cell.stateSizes().size()
                        || x == cell.output()
                        || cell.nextStates().contains(x);
        for (int k = 0; k < cell.ops().size() && !needed; k++) {
            needed = k != number && cell.ops().get(k).reads().contains(x);
        }
        return !needed && first > x;
    }

    private boolean constant(int register) {
        int first = 1 + cell.stateSizes().size();
        for (CellOp op : cell.ops()) {
            if (register >= first && register < first + op.gives()) {
                return op instanceof CellOp.Constant;
            }
            first += op.gives();
        }
        return false;
    }

    private static int[] array(List<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).toArray();
    }
}
