package io.streamcell.models.onnx;

import io.streamcell.models.onnx.Value.Constant;
import io.streamcell.models.onnx.Value.Data;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** Operators that give the same values on other axes. */
final class LayoutOperators {
    private LayoutOperators() {}

    static List<Value> same(OnnxNode node, Evaluation graph) {
        return List.of(graph.value(node, 0));
    }

    static List<Value> transpose(OnnxNode node, Evaluation graph) {
        Value value = graph.value(node, 0);
        List<Integer> order = new ArrayList<>();
        for (long axis : node.integers("perm")) {
            order.add(node.axis(axis, value.rank()));
        }
        if (order.isEmpty()) {
            IntStream.range(0, value.rank()).forEach(order::add);
            Collections.reverse(order);
        }
        if (order.stream().distinct().count() != value.rank()) {
            throw node.refused("perm", order, "an order of %d axes".formatted(value.rank()));
        }
        List<Axis> axes = order.stream().map(value.axes()::get).toList();
        return List.of(Moves.moved(node, graph, value, (a, dims) -> a.transpose(order), axes));
    }

    static List<Value> squeeze(OnnxNode node, Evaluation graph) {
        Value value = graph.value(node, 0);
        List<Long> given = graph.integers(node, "axes", 1);
        boolean[] dropped = new boolean[value.rank()];
        for (int k = 0; given == null && k < dropped.length; k++) {
            dropped[k] = value.axes().get(k).one();
        }
        for (long axis : given == null ? List.<Long>of() : given) {
            dropped[node.axis(axis, value.rank())] = true;
        }
        List<Axis> axes = new ArrayList<>();
        for (int k = 0; k < dropped.length; k++) {
            Axis axis = value.axes().get(k);
            if (!dropped[k]) {
                axes.add(axis);
            } else if (!axis.one() && !axis.lone() || axis.fixed() > 1) {
                throw node.refused("axis " + k, "of length " + axis, "of length 1");
            }
        }
        return List.of(Moves.relabelled(node, graph, value, axes));
    }

    static List<Value> unsqueeze(OnnxNode node, Evaluation graph) {
        Value value = graph.value(node, 0);
        List<Long> given = graph.integers(node, "axes", 1);
        if (given == null) {
            throw node.refused("axes", "none", "given");
        }
        int rank = value.rank() + given.size();
        List<Integer> inserted =
                given.stream().map(axis -> node.axis(axis, rank)).sorted().toList();
        List<Axis> axes = new ArrayList<>(value.axes());
        inserted.forEach(axis -> axes.add(axis, Axis.ONE));
        return List.of(Moves.relabelled(node, graph, value, axes));
    }

    static List<Value> reshape(OnnxNode node, Evaluation graph) {
        Value value = graph.value(node, 0);
        List<Size> to = new ArrayList<>(graph.sizes(node, 1));
        boolean copies = node.integer("allowzero", 0) == 0;
        for (int k = 0; k < to.size(); k++) {
            if (copies && to.get(k).is(0)) {
                to.set(k, value.axes().get(k).size());
            }
        }
        return List.of(Moves.relabelled(node, graph, value, Reshaping.of(value.axes(), to)));
    }

    static List<Value> flatten(OnnxNode node, Evaluation graph) {
        Value value = graph.value(node, 0);
        int rank = value.rank();
        int given = node.integer("axis", 1);
        int at = given == rank ? rank : node.axis(given, rank);
        List<Axis> axes =
                List.of(
                        joined(value.axes().subList(0, at)),
                        joined(value.axes().subList(at, rank)));
        return List.of(Moves.relabelled(node, graph, value, axes));
    }

    private static Axis joined(List<Axis> axes) {
        return new Axis(axes.stream().flatMap(axis -> axis.atoms().stream()).toList());
    }

    /** Repeats axes of length 1; a row that is repeated for every timestep becomes a sequence. */
    static List<Value> expand(OnnxNode node, Evaluation graph) {
        Value value = graph.value(node, 0);
        return List.of(expanded(node, graph, value, graph.sizes(node, 1)));
    }

    static Value expanded(OnnxNode node, Evaluation graph, Value value, List<Size> to) {
        List<Axis> axes = new ArrayList<>(value.axes());
        while (axes.size() < to.size()) {
            axes.add(0, Axis.ONE);
        }
        Value source = Moves.relabelled(node, graph, value, axes);
        boolean timed = false;
        for (int k = 0; k < to.size(); k++) {
            int axis = axes.size() - to.size() + k;
            Size length = to.get(k);
            if (axes.get(axis).one() && !length.is(1)) {
                axes.set(axis, repeated(length));
                timed |= axes.get(axis).is(Axis.TIME);
            }
        }
        Value expanded = Moves.moved(node, graph, source, Arrangement::expand, axes);
        return timed && expanded instanceof Data data ? repeated(node, graph, data) : expanded;
    }

    private static Axis repeated(Size length) {
        if (length.known()) {
            return Axis.row(length.number());
        } else if (length.symbols().size() == 1 && length.factor() == 1 && length.offset() == 0) {
            return Axis.symbol(length.symbols().get(0), 0);
        }
        throw new ArithmeticException("an axis must be repeated for batch or time, got " + length);
    }

    private static Data repeated(OnnxNode node, Evaluation graph, Data data) {
        if (!data.computed() || graph.layers().shape(data.tensor()).timed()) {
            return data;
        }
        if (graph.sequence() == null) {
            throw node.refused("its shape", data.axes(), "without a time axis");
        }
        int tensor = graph.layers().repeated(node, data.tensor(), graph.sequence().tensor());
        return new Data(tensor, data.axes());
    }

    /** Tile: axes of length 1 are repeated as Expand does; other axes of rows over and over. */
    static List<Value> tile(OnnxNode node, Evaluation graph) {
        Value value = graph.value(node, 0);
        List<Size> repeats = graph.sizes(node, 1);
        for (int k = 0; k < value.rank(); k++) {
            Axis axis = value.axes().get(k);
            Size times = repeats.get(k);
            if (axis.one() && !times.is(1)) {
                List<Size> to = new ArrayList<>(value.axes().stream().map(Axis::size).toList());
                to.set(k, times);
                value = expanded(node, graph, value, to);
            } else if (!times.is(1)) {
                value = tiled(node, graph, value, k, Math.toIntExact(times.number()));
            }
        }
        return List.of(value);
    }

    private static Value tiled(OnnxNode node, Evaluation graph, Value value, int k, int times) {
        Axis axis = value.axes().get(k);
        if (!axis.rowsOnly() || value instanceof Constant constant && !constant.plain()) {
            throw node.refused("repeats of axis " + k, times, "1 for batch and time");
        }
        int length = axis.rows();
        int[] indices = IntStream.range(0, length * times).map(i -> i % length).toArray();
        List<Axis> axes = Moves.replaced(value.axes(), k, Axis.row((long) length * times));
        return Moves.moved(node, graph, value, (a, dims) -> a.take(k, indices), axes);
    }
}
