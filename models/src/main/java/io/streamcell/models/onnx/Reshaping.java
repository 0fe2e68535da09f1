package io.streamcell.models.onnx;

import io.streamcell.models.onnx.Axis.Atom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/**
 * Finds what the axes of a reshaped tensor are: the atoms of its axes, in their order, dealt out to
 * the new lengths. A number stands for an axis of unknown length where the exporter fixed it so.
 */
final class Reshaping {
    private final Deque<Atom> left = new ArrayDeque<>();

    private Reshaping(List<Axis> axes) {
        axes.forEach(axis -> left.addAll(axis.atoms()));
    }

    /**
     * @param to lengths; one may be -1: what is left
     * @throws ArithmeticException if the lengths cannot be followed
     */
    static List<Axis> of(List<Axis> axes, List<Size> to) {
        if (to.equals(axes.stream().map(Axis::size).toList())) {
            return axes;
        }
        Reshaping reshaping = new Reshaping(axes);
        Axis[] found = new Axis[to.size()];
        int open = to.size();
        for (int k = 0; k < open; k++) {
            if (to.get(k).is(-1)) {
                open = k;
            } else {
                found[k] = reshaping.first(to.get(k), axes, to);
            }
        }
        for (int k = to.size() - 1; k > open; k--) {
            found[k] = reshaping.last(to.get(k), axes, to);
        }
        reshaping.finish(found, open, axes, to);
        return Arrays.asList(found);
    }

    private void finish(Axis[] found, int open, List<Axis> axes, List<Size> to) {
        if (open < found.length) {
            found[open] = new Axis(new ArrayList<>(left));
        } else if (!left.isEmpty()) {
            boolean single = left.stream().allMatch(atom -> !atom.row() && atom.length() == 1);
            if (!single || found.length == 0) {
                throw unclear(axes, to);
            }
            List<Atom> atoms = new ArrayList<>(found[found.length - 1].atoms());
            atoms.addAll(left);
            found[found.length - 1] = new Axis(atoms);
        }
    }

    private Axis first(Size length, List<Axis> axes, List<Size> to) {
        return new Axis(taken(length, true, axes, to));
    }

    private Axis last(Size length, List<Axis> axes, List<Size> to) {
        List<Atom> atoms = taken(length, false, axes, to);
        Collections.reverse(atoms);
        return new Axis(atoms);
    }

    private List<Atom> taken(Size length, boolean front, List<Axis> axes, List<Size> to) {
        long factor = length.factor();
        List<Integer> symbols = new ArrayList<>(length.symbols());
        List<Atom> taken = new ArrayList<>();
        Atom next = front ? left.peekFirst() : left.peekLast();
        boolean single = length.is(1) && next != null && !next.row() && next.length() == 1;
        while (factor != 1 || !symbols.isEmpty() || single) {
            Atom atom = front ? left.pollFirst() : left.pollLast();
            single = false;
            if (atom == null || length.offset() != 0 || factor < 1) {
                throw unclear(axes, to);
            } else if (symbols.remove((Integer) atom.symbol())) {
                taken.add(atom);
            } else if (atom.length() > 0 && factor % atom.length() == 0) {
                taken.add(atom);
                factor /= atom.length();
            } else if (atom.row() && factor > 1 && atom.length() % factor == 0) {
                Atom rest = new Atom(Axis.ROW, atom.length() / factor);
                if (front) {
                    left.addFirst(rest);
                } else {
                    left.addLast(rest);
                }
                taken.add(new Atom(Axis.ROW, factor));
                factor = 1;
            } else {
                throw unclear(axes, to);
            }
        }
        return taken;
    }

    private static ArithmeticException unclear(List<Axis> axes, List<Size> to) {
        return new ArithmeticException(
                "it is not clear how %s becomes %s (batch, time and features keep their order)"
                        .formatted(axes, to));
    }
}
