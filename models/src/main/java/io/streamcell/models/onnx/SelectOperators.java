package io.streamcell.models.onnx;

import io.streamcell.models.Embedding;
import io.streamcell.models.Weights;
import io.streamcell.models.onnx.Value.Constant;
import io.streamcell.models.onnx.Value.Data;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** Operators that take some of the values: Slice, Gather, Split. */
final class SelectOperators {
    private SelectOperators() {}

    static List<Value> slice(OnnxNode node, Evaluation graph) {
        Value value = graph.value(node, 0);
        List<Size> starts = bounds(node, graph, "starts", 1);
        List<Size> ends = bounds(node, graph, "ends", 2);
        List<Long> axes = graph.integers(node, "axes", 3);
        List<Long> steps = graph.integers(node, "steps", 4);
        for (int k = 0; k < starts.size(); k++) {
            int axis = node.axis(axes == null ? k : axes.get(k), value.rank());
            long step = steps == null ? 1 : steps.get(k);
            if (step == 0) {
                throw node.refused("steps", steps, "other than 0");
            }
            long fixed = value.axes().get(axis).fixed();
            Selection selection = Selection.of(starts.get(k), ends.get(k), step, fixed);
            value = taken(node, graph, value, axis, selection);
        }
        return List.of(value);
    }

    private static List<Size> bounds(OnnxNode node, Evaluation graph, String name, int input) {
        if (node.has(name)) {
            return node.integers(name).stream().map(Size::of).toList();
        }
        return graph.sizes(node, input);
    }

    private static Value taken(
            OnnxNode node, Evaluation graph, Value value, int axis, Selection selection) {
        if (!value.axes().get(axis).rowsOnly()) {
            if (value instanceof Data data) {
                return selection.of(node, graph, data, axis, true);
            } else if (selection.all()) {
                return value;
            } else if (selection.one()) {
                return new Constant(
                        ((Constant) value).array(), Moves.replaced(value.axes(), axis, Axis.ONE));
            }
            throw node.refused("axis " + axis + " of a constant", "cut", "taken whole");
        }
        int[] indices = selection.indices(value.dims().get(axis));
        List<Axis> axes = Moves.replaced(value.axes(), axis, Axis.row(indices.length));
        return Moves.moved(node, graph, value, (a, dims) -> a.take(axis, indices), axes);
    }

    static List<Value> gather(OnnxNode node, Evaluation graph) {
        Value value = graph.value(node, 0);
        int axis = node.axis(node.integer("axis", 0), value.rank());
        if (graph.value(node, 1) instanceof Data ids) {
            return List.of(embedded(node, graph, value, ids, axis));
        }
        List<Integer> shape = graph.value(node, 1).dims();
        List<Size> indices = Evaluation.sizes(graph.value(node, 1));
        if (indices == null) {
            Tensor given = graph.constant(node, 1);
            if (!given.whole()) {
                throw node.refused("indices", "floats", "whole numbers");
            }
            indices = new ArrayList<>();
            for (long index : given.numbers()) {
                indices.add(Size.of(index));
            }
        }
        if (!value.axes().get(axis).rowsOnly()) {
            if (indices.size() != 1 || shape.size() > 1 || !(value instanceof Data data)) {
                return List.of(several(node, graph, value, axis, indices));
            }
            Selection selection = Selection.single(indices.get(0), data.axes().get(axis).fixed());
            return List.of(selection.of(node, graph, data, axis, !shape.isEmpty()));
        }
        int length = value.dims().get(axis);
        int[] places = new int[indices.size()];
        for (int k = 0; k < places.length; k++) {
            long index = indices.get(k).number();
            places[k] = (int) (index < 0 ? index + length : index);
            if (places[k] < 0 || places[k] >= length) {
                throw node.refused("indices", index, "within an axis of length " + length);
            }
        }
        List<Axis> axes = new ArrayList<>(value.axes());
        axes.remove(axis);
        axes.addAll(axis, Axis.rows(shape));
        return List.of(
                Moves.moved(
                        node, graph, value, (a, dims) -> a.take(axis, places).reshape(dims), axes));
    }

    /** Indices of an axis of an input of which it is not yet known what it is. */
    private static Value several(
            OnnxNode node, Evaluation graph, Value value, int axis, List<Size> indices) {
        Axis from = value.axes().get(axis);
        if (!(value instanceof Data) || from.symbol() < Axis.OPEN) {
            throw node.refused("indices of axis " + axis, indices, "one, or of features");
        }
        graph.axes().row(from, 0, node);
        return new Data(
                Data.NONE,
                Moves.replaced(value.axes(), axis, Axis.symbol(from.symbol(), indices.size())));
    }

    private static Value embedded(
            OnnxNode node, Evaluation graph, Value value, Data ids, int axis) {
        Tensor table = Evaluation.constant(node, 0, value);
        if (axis != 0 || table.dims().size() != 2) {
            throw node.refused(
                    "a table that is read by ids",
                    "%s, axis %d".formatted(table.dims(), axis),
                    "of two axes, read along the first");
        }
        List<Axis> axes = new ArrayList<>(ids.axes());
        axes.add(Axis.row(table.dims().get(1)));
        int tensor =
                graph.layers()
                        .add(
                                ids.tensor(),
                                () ->
                                        new Embedding(
                                                node.name(),
                                                Weights.matrix(
                                                        table.dims().get(0),
                                                        table.dims().get(1),
                                                        table.asFloats())));
        return new Data(tensor, axes);
    }

    static List<Value> split(OnnxNode node, Evaluation graph) {
        Value value = graph.value(node, 0);
        int axis = node.axis(node.integer("axis", 0), value.rank());
        Axis from = value.axes().get(axis);
        long length = from.rowsOnly() ? from.rows() : from.fixed();
        List<Long> given = graph.integers(node, "split", 1);
        if (given == null || given.isEmpty()) {
            long parts = node.outputs().size();
            long part = (length + parts - 1) / parts;
            given =
                    IntStream.range(0, (int) parts)
                            .mapToObj(k -> Math.min(part, length - k * part))
                            .toList();
        }
        List<Value> outputs = new ArrayList<>();
        long start = 0;
        for (long part : given) {
            Selection selection = new Selection(start, start + part, 1);
            outputs.add(taken(node, graph, value, axis, selection));
            start += part;
        }
        if (from.rowsOnly() && start != length) {
            throw node.refused("split", given, "%d in all".formatted(length));
        }
        return Collections.unmodifiableList(outputs);
    }
}
