package io.streamcell.models.onnx;

import io.streamcell.models.Activation;
import io.streamcell.models.Cell;
import io.streamcell.models.CellBuilder;
import io.streamcell.models.CellOp;
import io.streamcell.models.ElementFunction;
import io.streamcell.models.Gru;
import io.streamcell.models.Lstm;
import io.streamcell.models.SimpleRnn;
import io.streamcell.models.Weights;
import java.util.ArrayList;
import java.util.List;

/**
 * The cell of one direction of a recurrent operator. ONNX keeps weights as {@code [gates*units,
 * values read]}, gates i, o, f, c of an LSTM and z, r, h of a GRU; cells keep them transposed, an
 * LSTM's gates in the order i, f, c, o.
 *
 * @param functions f, g and h, as far as the operator has them
 * @param clip bounds what goes into functions, 0 for no bounds
 */
record CellReader(
        OnnxNode node,
        int units,
        CellWeights weights,
        List<List<ElementFunction>> functions,
        float clip) {
    private static final int[] LSTM_GATES = {0, 2, 3, 1};
    private static final int[] COUPLED_GATES = {0, 3, 1};
    private static final int[] GRU_GATES = {0, 1, 2};

    Cell cell() {
        return switch (node.type()) {
            case "LSTM" -> lstm();
            case "GRU" -> node.integer("linear_before_reset", 0) != 0 ? gruAfter() : gruBefore();
            default -> rnn();
        };
    }

    private Activation plain(int k) {
        return clip > 0 ? null : CellFunctions.plain(functions.get(k));
    }

    private Cell lstm() {
        boolean coupled = node.integer("input_forget", 0) != 0;
        boolean plain =
                plain(0) != null
                        && plain(1) != null
                        && plain(1) == plain(2)
                        && !coupled
                        && weights.peepholes() == null;
        if (plain) {
            return new Lstm(
                    weights.features(),
                    units,
                    plain(1),
                    plain(0),
                    weights.input(LSTM_GATES),
                    weights.recurrent(LSTM_GATES),
                    weights.bias(LSTM_GATES));
        }
        int[] gates = coupled ? COUPLED_GATES : LSTM_GATES;
        CellBuilder cell = builder(List.of(units, units));
        int h = cell.state(0);
        int c = cell.state(1);
        int first =
                cell.affine(
                        gates.length,
                        weights.bias(gates),
                        CellBuilder.term(cell.input(), weights.input(gates)),
                        CellBuilder.term(h, weights.recurrent(gates)));
        int last = first + gates.length - 1;
        int i = applied(cell, 0, peeped(cell, first, 0, c));
        int f = coupled ? cell.complement(i) : applied(cell, 0, peeped(cell, first + 1, 2, c));
        int candidate = applied(cell, 1, last - 1);
        int next = cell.fused(f, c, cell.product(i, candidate));
        int o = applied(cell, 0, peeped(cell, last, 1, next));
        int output = cell.product(o, cell.apply(functions.get(2), next));
        return cell.build(output, List.of(output, next), 0, weights.count());
    }

    private CellBuilder builder(List<Integer> states) {
        return new CellBuilder(node.type(), weights.features(), states);
    }

    /** A gate with its look at the cell state; peepholes stand in the order i, o, f. */
    private int peeped(CellBuilder cell, int gate, int place, int c) {
        return weights.peepholes() == null
                ? gate
                : cell.fused(cell.constant(weights.peephole(place, units)), c, gate);
    }

    private int applied(CellBuilder cell, int function, int x) {
        List<ElementFunction> steps = new ArrayList<>();
        if (clip > 0) {
            steps.add(ElementLayers.clip(-clip, clip));
        }
        steps.addAll(functions.get(function));
        return cell.apply(steps, x);
    }

    private Cell gruAfter() {
        if (plain(0) != null && plain(1) != null) {
            return new Gru(
                    weights.features(),
                    units,
                    true,
                    plain(1),
                    plain(0),
                    weights.input(GRU_GATES),
                    weights.recurrent(GRU_GATES),
                    weights.biases(GRU_GATES));
        }
        CellBuilder cell = builder(List.of(units));
        int h = cell.state(0);
        int z = gruGates(cell);
        int input =
                cell.affine(
                        1, weights.inputBias(2), CellBuilder.term(cell.input(), weights.input(2)));
        int recurrent =
                cell.affine(1, weights.recurrentBias(2), CellBuilder.term(h, weights.recurrent(2)));
        int reset = applied(cell, 0, z + 1);
        int candidate = applied(cell, 1, cell.fused(reset, recurrent, input));
        return gru(cell, z, candidate);
    }

    /** The gates z and r, before their function. */
    private int gruGates(CellBuilder cell) {
        return cell.affine(
                2,
                weights.bias(0, 1),
                CellBuilder.term(cell.input(), weights.input(0, 1)),
                CellBuilder.term(cell.state(0), weights.recurrent(0, 1)));
    }

    private Cell gruBefore() {
        if (plain(0) != null && plain(1) != null) {
            return new Gru(
                    weights.features(),
                    units,
                    false,
                    plain(1),
                    plain(0),
                    weights.input(GRU_GATES),
                    weights.recurrent(GRU_GATES),
                    weights.bias(GRU_GATES));
        }
        CellBuilder cell = builder(List.of(units));
        int z = gruGates(cell);
        int reset = cell.product(applied(cell, 0, z + 1), cell.state(0));
        CellOp.Term[] terms = {
            CellBuilder.term(cell.input(), weights.input(2)),
            CellBuilder.term(reset, weights.recurrent(2))
        };
        return gru(cell, z, applied(cell, 1, cell.affine(1, weights.bias(2), terms)));
    }

    private Cell gru(CellBuilder cell, int gate, int candidate) {
        int z = applied(cell, 0, gate);
        int output = cell.fused(z, cell.difference(cell.state(0), candidate), candidate);
        return cell.build(output, List.of(output), 0, weights.count());
    }

    private Cell rnn() {
        Weights input = weights.input(0);
        Weights recurrent = weights.recurrent(0);
        if (plain(0) != null) {
            return new SimpleRnn(
                    weights.features(), units, plain(0), input, recurrent, weights.bias(0));
        }
        CellBuilder cell = builder(List.of(units));
        CellOp.Term[] terms = {
            CellBuilder.term(cell.input(), input), CellBuilder.term(cell.state(0), recurrent)
        };
        int output = applied(cell, 0, cell.affine(1, weights.bias(0), terms));
        return cell.build(output, List.of(output), 0, weights.count());
    }
}
