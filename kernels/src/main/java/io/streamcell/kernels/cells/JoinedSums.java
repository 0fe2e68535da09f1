package io.streamcell.kernels.cells;

import io.streamcell.models.CellOp;
import io.streamcell.models.ComposedCell;
import io.streamcell.models.Weights;
import java.util.ArrayList;
import java.util.List;

/**
 * Joins the sums of a cell that read the same registers, such as two gates of the input and h: they
 * become the gates of one operation, so that more chains are under way at once. Each value's chain
 * stays what it is.
 */
public final class JoinedSums {
    private final ComposedCell cell;
    // numbers[r]: of the cell's register r in the joined cell
    private final int[] numbers;

    private JoinedSums(ComposedCell cell) {
        this.cell = cell;
        this.numbers = new int[cell.registerWidths().size()];
    }

    /** A cell that computes the same with fewer operations, or the cell itself. */
    public static ComposedCell of(ComposedCell cell) {
        return new JoinedSums(cell).joined();
    }

    private ComposedCell joined() {
        List<CellOp> given = cell.ops();
        int outside = 1 + cell.stateSizes().size();
        int[] firsts = new int[given.size()];
        int first = outside;
        for (int k = 0; k < firsts.length; k++) {
            firsts[k] = first;
            first += given.get(k).gives();
        }
        for (int k = 0; k < outside; k++) {
            numbers[k] = k;
        }
        int next = outside;
        boolean[] done = new boolean[firsts.length];
        List<CellOp> ops = new ArrayList<>();
        for (int k = 0; k < firsts.length; k++) {
            if (done[k]) {
                continue;
            }
            List<CellOp> alike = new ArrayList<>();
            for (int n = k; n < firsts.length; n++) {
                if (n == k || alike(given.get(k), given.get(n))) {
                    alike.add(given.get(n));
                    done[n] = true;
                    for (int gate = 0; gate < given.get(n).gives(); gate++) {
                        numbers[firsts[n] + gate] = next++;
                    }
                }
            }
            ops.add(alike.size() == 1 ? alike.get(0) : join(alike));
        }
        if (ops.size() == given.size() || !keepsSides()) {
            return cell;
        }
        return new ComposedCell(
                cell.kind(),
                cell.features(),
                cell.stateSizes(),
                ops.stream().map(op -> op.renumbered(r -> numbers[r])).toList(),
                numbers[cell.output()],
                cell.nextStates().stream().map(r -> numbers[r]).toList(),
                cell.outputState(),
                cell.parameters());
    }

    /** Whether registers that sums start from still stand side by side. */
    private boolean keepsSides() {
        for (CellOp op : cell.ops()) {
            if (op instanceof CellOp.Affine affine && affine.start() != CellOp.NONE) {
                int start = affine.start();
                for (int gate = 1; gate < affine.gates(); gate++) {
                    if (numbers[start + gate] != numbers[start] + gate) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private static boolean alike(CellOp one, CellOp other) {
        if (!(one instanceof CellOp.Affine a) || !(other instanceof CellOp.Affine b)) {
            return false;
        }
        boolean alike =
                a.start() == CellOp.NONE
                        && b.start() == CellOp.NONE
                        && a.width() == b.width()
                        && a.terms().size() == b.terms().size();
        for (int k = 0; k < a.terms().size() && alike; k++) {
            CellOp.Term x = a.terms().get(k);
            CellOp.Term y = b.terms().get(k);
            alike =
                    x.register() == y.register()
                            && x.from() == y.from()
                            && x.weights().rows() == y.weights().rows()
                            && x.weights().columns() == a.gates() * a.width()
                            && y.weights().columns() == b.gates() * b.width();
        }
        return alike;
    }

    private static CellOp join(List<CellOp> alike) {
        List<CellOp.Affine> sums = alike.stream().map(CellOp.Affine.class::cast).toList();
        CellOp.Affine model = sums.get(0);
        List<CellOp.Term> terms = new ArrayList<>();
        for (int k = 0; k < model.terms().size(); k++) {
            int number = k;
            Weights weights =
                    sideBySide(sums.stream().map(of -> of.terms().get(number).weights()).toList());
            CellOp.Term term = model.terms().get(k);
            terms.add(new CellOp.Term(term.register(), term.from(), weights));
        }
        int gates = sums.stream().mapToInt(CellOp.Affine::gates).sum();
        Weights bias = sideBySide(sums.stream().map(CellOp.Affine::bias).toList());
        return new CellOp.Affine(gates, model.width(), CellOp.NONE, bias, terms);
    }

    /** Matrices of one height as one. */
    private static Weights sideBySide(List<Weights> parts) {
        int rows = parts.get(0).rows();
        int columns = parts.stream().mapToInt(Weights::columns).sum();
        float[] values = new float[rows * columns];
        int column = 0;
        for (Weights part : parts) {
            for (int row = 0; row < rows; row++) {
                System.arraycopy(
                        part.values(),
                        row * part.columns(),
                        values,
                        row * columns + column,
                        part.columns());
            }
            column += part.columns();
        }
        return Weights.matrix(rows, columns, values);
    }
}
