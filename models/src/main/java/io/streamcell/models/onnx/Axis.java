package io.streamcell.models.onnx;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What one axis of an ONNX tensor is: a product of atoms, outermost first; empty for an axis of
 * length 1. Reshape joins and splits axes, but keeps the order of their atoms.
 */
record Axis(List<Atom> atoms) {
    /** In place of a symbol: a part of a row, whose length is a number. */
    static final int ROW = -1;

    static final int BATCH = 0;
    static final int TIME = 1;

    /** The first symbol of an axis of a graph input of which it is not yet known what it is. */
    static final int OPEN = 2;

    /** An axis of length 1. */
    static final Axis ONE = new Axis(List.of());

    /**
     * @param symbol {@link #ROW}, or which unknown length it has
     * @param length for a symbol the length that the exporter fixed, 0 where it fixed none
     */
    record Atom(int symbol, long length) {
        boolean row() {
            return symbol == ROW;
        }
    }

    Axis {
        atoms = List.copyOf(atoms);
    }

    static Axis row(long length) {
        return length == 1 ? ONE : new Axis(List.of(new Atom(ROW, length)));
    }

    static Axis symbol(int symbol, long length) {
        return new Axis(List.of(new Atom(symbol, length)));
    }

    static List<Axis> rows(Collection<Integer> dims) {
        List<Axis> axes = new ArrayList<>();
        dims.forEach(dim -> axes.add(row(dim)));
        return axes;
    }

    /** The symbols' name in messages. */
    static String name(int symbol) {
        return symbol == BATCH ? "batch" : symbol == TIME ? "time" : "n" + (symbol - OPEN);
    }

    boolean one() {
        return atoms.isEmpty();
    }

    /** Whether it is one axis of unknown length alone. */
    boolean lone() {
        return atoms.size() == 1 && !atoms.get(0).row();
    }

    boolean is(int symbol) {
        return lone() && atoms.get(0).symbol() == symbol;
    }

    /** Its one symbol, or {@link #ROW} if it is no such axis. */
    int symbol() {
        return lone() ? atoms.get(0).symbol() : ROW;
    }

    /** The length that the exporter fixed, 0 where it fixed none. */
    long fixed() {
        return lone() ? atoms.get(0).length() : 0;
    }

    /** Whether it is not yet known what it is. */
    boolean open() {
        return atoms.stream().anyMatch(atom -> atom.symbol() >= OPEN);
    }

    boolean rowsOnly() {
        return atoms.stream().allMatch(Atom::row);
    }

    /** How many values of a row lie along it. */
    int rows() {
        long rows = 1;
        for (Atom atom : atoms) {
            rows = atom.row() ? Math.multiplyExact(rows, atom.length()) : rows;
        }
        return Math.toIntExact(rows);
    }

    /** Its length where lengths that the exporter fixed count, 1 for unknown ones. */
    private int full() {
        long full = 1;
        for (Atom atom : atoms) {
            boolean counts = atom.row() || atom.length() > 0;
            full = counts ? Math.multiplyExact(full, atom.length()) : full;
        }
        return Math.toIntExact(full);
    }

    static List<Integer> full(List<Axis> axes) {
        return axes.stream().map(Axis::full).toList();
    }

    static List<Integer> rows(List<Axis> axes) {
        return axes.stream().map(Axis::rows).toList();
    }

    Size size() {
        List<Integer> symbols = new ArrayList<>();
        for (Atom atom : atoms) {
            if (!atom.row()) {
                symbols.add(atom.symbol());
            }
        }
        return new Size(rows(), symbols, 0);
    }

    @Override
    public String toString() {
        return size().toString();
    }
}
