package io.streamcell.models.onnx;

import io.streamcell.models.UnsupportedModelException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the axes of the graph's inputs are. In a first walk through the graph each is a symbol of
 * its own; recurrent operators tell which are time and batch, elementwise ones which are the same.
 */
final class InputAxes {
    private final List<Integer> parents = new ArrayList<>();
    private final List<String> origins = new ArrayList<>();

    /** By root: what it was found to be, and which node said so. */
    private final Map<Integer, Integer> kinds = new HashMap<>();

    private final Map<Integer, String> tellers = new HashMap<>();

    /** By symbol: the length, where the input declares none. */
    private final Map<Integer, Integer> lengths = new HashMap<>();

    private boolean sequences;
    private boolean steps;

    /** A recurrent operator reads sequences, or one timestep a call. */
    void reads(Axis time) {
        sequences |= !time.one();
        steps |= time.one();
    }

    /**
     * Whether the model is made to be called once for every timestep: its inputs have no time axis,
     * and one is put around each.
     */
    boolean stepwise() {
        return steps && !sequences;
    }

    /** An axis of an input of which nothing is known yet. */
    Axis open(String input, int axis, long length) {
        int symbol = Axis.OPEN + parents.size();
        parents.add(symbol);
        origins.add("axis %d of input %s".formatted(axis, input));
        return Axis.symbol(symbol, length);
    }

    /** Two axes that an operator combines are the same. */
    void same(Axis left, Axis right, OnnxNode node) {
        if (!open(left) || !open(right)) {
            return;
        }
        int first = root(left.symbol());
        int second = root(right.symbol());
        if (first == second) {
            return;
        }
        Integer kind = kinds.get(second);
        String teller = tellers.get(second);
        parents.set(second - Axis.OPEN, first);
        if (kind != null) {
            learn(left, kind, teller == null ? node.name() : teller);
        }
    }

    /** An axis is part of a row. */
    void row(Axis axis, int length, OnnxNode node) {
        for (Axis.Atom atom : axis.atoms()) {
            if (atom.symbol() >= Axis.OPEN) {
                learn(Axis.symbol(atom.symbol(), atom.length()), Axis.ROW, node.name());
                if (axis.lone() && atom.length() == 0 && length > 0) {
                    lengths.put(atom.symbol(), length);
                }
            }
        }
    }

    void learn(Axis axis, int kind, String node) {
        if (!open(axis)) {
            return;
        }
        int root = root(axis.symbol());
        Integer known = kinds.putIfAbsent(root, kind);
        if (known == null) {
            tellers.put(root, node);
        } else if (known != kind) {
            throw new UnsupportedModelException(
                    "%s must be one thing, got %s at node %s and %s at node %s"
                            .formatted(
                                    origins.get(axis.symbol() - Axis.OPEN),
                                    name(known),
                                    tellers.get(root),
                                    name(kind),
                                    node));
        }
    }

    /** What the axes of an input are after the first walk: batch, time, or rows. */
    List<Axis> found(List<Axis> axes) {
        boolean batched = axes.stream().anyMatch(axis -> kind(axis, Axis.ROW) == Axis.BATCH);
        List<Axis> found = new ArrayList<>();
        for (int k = 0; k < axes.size(); k++) {
            Axis axis = axes.get(k);
            int kind = kind(axis, k == 0 && !batched ? Axis.BATCH : Axis.ROW);
            long length = axis.fixed() > 0 ? axis.fixed() : lengths.getOrDefault(axis.symbol(), 0);
            if (kind != Axis.ROW) {
                found.add(Axis.symbol(kind, axis.fixed()));
            } else if (length > 0) {
                found.add(Axis.row(length));
            } else {
                throw new UnsupportedModelException(
                        "%s must have a fixed length, since it is neither batch nor time; got none"
                                .formatted(origins.get(axis.symbol() - Axis.OPEN)));
            }
        }
        return found;
    }

    private int kind(Axis axis, int otherwise) {
        return kinds.getOrDefault(root(axis.symbol()), otherwise);
    }

    private static String name(int kind) {
        return kind == Axis.ROW ? "features" : Axis.name(kind);
    }

    private static boolean open(Axis axis) {
        return axis.symbol() >= Axis.OPEN;
    }

    private int root(int symbol) {
        int root = symbol;
        while (parents.get(root - Axis.OPEN) != root) {
            root = parents.get(root - Axis.OPEN);
        }
        return root;
    }
}
