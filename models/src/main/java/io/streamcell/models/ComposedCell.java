package io.streamcell.models;

import java.util.ArrayList;
import java.util.List;

/**
 * A cell as a list of operations: the cells of the literature, and LSTM and GRU with properties
 * that Keras does not know. Register 0 is the input row, the next ones are the state tensors before
 * the timestep, and each operation adds those that it gives. Made by {@link CellBuilder}.
 *
 * @param kind the saved class, for summaries
 * @param output the register that is the timestep's output
 * @param nextStates the registers that are the state tensors after the timestep
 * @param outputState the state tensor that repeats the output, so that a masked timestep can
 * @param parameters how many values the saved cell holds
 */
public record ComposedCell(
        String kind,
        int features,
        List<Integer> stateSizes,
        List<CellOp> ops,
        int output,
        List<Integer> nextStates,
        int outputState,
        long parameters)
        implements Cell {
    public ComposedCell {
        stateSizes = List.copyOf(stateSizes);
        ops = List.copyOf(ops);
        nextStates = List.copyOf(nextStates);
        for (int k = 0; k < nextStates.size(); k++) {
            if (nextStates.get(k) <= stateSizes.size() && nextStates.get(k) != 1 + k) {
                throw new IllegalArgumentException(
                        "a next state must be given by an operation, got register "
                                + nextStates.get(k));
            }
        }
    }

    @Override
    public int units() {
        return registerWidths().get(output);
    }

    /** The width of every register, in order. */
    public List<Integer> registerWidths() {
        List<Integer> widths = new ArrayList<>();
        widths.add(features);
        widths.addAll(stateSizes);
        for (CellOp op : ops) {
            int width = widthOf(op, widths);
            for (int k = 0; k < op.gives(); k++) {
                widths.add(width);
            }
        }
        return widths;
    }

    static int widthOf(CellOp op, List<Integer> widths) {
        if (op instanceof CellOp.Affine affine) {
            return affine.width();
        } else if (op instanceof CellOp.Constant constant) {
            return constant.values().count();
        } else if (op instanceof CellOp.Clocked clocked) {
            return widths.get(clocked.fresh());
        } else if (op instanceof CellOp.Combine combine) {
            return widths.get(combine.x());
        }
        return widths.get(op.reads().get(0));
    }

    @Override
    public void describe(CanonicalForm form) {
        form.text("composed").number(features).number(stateSizes.size());
        stateSizes.forEach(form::number);
        form.number(ops.size());
        ops.forEach(op -> op.describe(form));
        form.number(output);
        nextStates.forEach(form::number);
    }
}
