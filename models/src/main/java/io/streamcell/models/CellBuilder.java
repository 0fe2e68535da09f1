package io.streamcell.models;

import java.util.ArrayList;
import java.util.List;

/**
 * Puts a {@link ComposedCell} together, operation by operation; each method gives the number of the
 * register that it adds.
 */
public final class CellBuilder {
    private final String kind;
    private final int features;
    private final List<Integer> stateSizes;
    private final List<Integer> widths = new ArrayList<>();
    private final List<CellOp> ops = new ArrayList<>();

    /**
     * @param kind the saved class
     * @param stateSizes widths of the state tensors
     */
    public CellBuilder(String kind, int features, List<Integer> stateSizes) {
        this.kind = kind;
        this.features = features;
        this.stateSizes = List.copyOf(stateSizes);
        widths.add(features);
        widths.addAll(stateSizes);
    }

    /** The input row. */
    public int input() {
        return 0;
    }

    /** State tensor {@code k} before the timestep. */
    public int state(int k) {
        return 1 + k;
    }

    /** Gates that start from the bias; gives the first of {@code gates} registers side by side. */
    public int affine(int gates, Weights bias, CellOp.Term... terms) {
        return add(
                new CellOp.Affine(gates, bias.count() / gates, CellOp.NONE, bias, List.of(terms)));
    }

    /** Gates that start from registers side by side. */
    public int affineFrom(int gates, int start, CellOp.Term... terms) {
        int width = widths.get(start);
        Weights none = Weights.vector(new float[gates * width]);
        return add(new CellOp.Affine(gates, width, start, none, List.of(terms)));
    }

    /** A whole register times weights. */
    public static CellOp.Term term(int register, Weights weights) {
        return new CellOp.Term(register, 0, weights);
    }

    public int constant(float[] values) {
        return add(new CellOp.Constant(Weights.vector(values)));
    }

    public int apply(Activation activation, int x) {
        return apply(ElementFunction.of(activation), x);
    }

    public int apply(ElementFunction function, int x) {
        return function.identity() ? x : add(new CellOp.Apply(function, x));
    }

    /** Several functions, one after another. */
    public int apply(List<ElementFunction> functions, int x) {
        int value = x;
        for (ElementFunction function : functions) {
            value = apply(function, value);
        }
        return value;
    }

    /** {@code 1 - x}. */
    public int complement(int x) {
        return apply(ElementFunction.of(ElementFunction.Kind.COMPLEMENT, 0, 0), x);
    }

    public int sum(int x, int y) {
        return add(new CellOp.Combine(CellOp.Combine.Kind.ADD, x, y));
    }

    public int difference(int x, int y) {
        return add(new CellOp.Combine(CellOp.Combine.Kind.SUBTRACT, x, y));
    }

    public int product(int x, int y) {
        return add(new CellOp.Combine(CellOp.Combine.Kind.MULTIPLY, x, y));
    }

    /** {@code fma(x, y, z)}. */
    public int fused(int x, int y, int z) {
        return add(new CellOp.Fused(x, y, z));
    }

    public int clocked(int clock, List<Integer> periods, int fresh, int kept) {
        return add(new CellOp.Clocked(clock, periods, fresh, kept));
    }

    public int tick(int clock, int limit) {
        return add(new CellOp.Tick(clock, limit));
    }

    private int add(CellOp op) {
        int first = widths.size();
        int width = ComposedCell.widthOf(op, widths);
        ops.add(op);
        for (int k = 0; k < op.gives(); k++) {
            widths.add(width);
        }
        return first;
    }

    /**
     * Ends the cell.
     *
     * @param output register of the output
     * @param nextStates registers of the state tensors
     * @param outputState the state tensor that repeats the output
     */
    public ComposedCell build(
            int output, List<Integer> nextStates, int outputState, long parameters) {
        return new ComposedCell(
                kind, features, stateSizes, ops, output, nextStates, outputState, parameters);
    }
}
