package io.streamcell.models.onnx;

import io.streamcell.models.Concatenate;
import io.streamcell.models.onnx.Value.Constant;
import io.streamcell.models.onnx.Value.Data;
import io.streamcell.models.onnx.Value.Sizes;
import java.util.ArrayList;
import java.util.List;

/** Concat: of shapes, of constants, and of rows. */
final class JoinOperators {
    private JoinOperators() {}

    static List<Value> concat(OnnxNode node, Evaluation graph) {
        List<Value> parts = new ArrayList<>();
        for (int k = 0; k < node.inputs().size(); k++) {
            parts.add(graph.value(node, k));
        }
        int rank = parts.get(0).rank();
        if (parts.stream().anyMatch(part -> part.rank() != rank)) {
            throw node.refused("ranks", parts.stream().map(Value::rank).toList(), "the same");
        }
        int axis = node.axis(node.integer("axis", 0), rank);
        return List.of(joined(node, graph, parts, axis));
    }

    /** Values one after another along an axis. */
    static Value joined(OnnxNode node, Evaluation graph, List<Value> parts, int axis) {
        if (parts.size() == 1) {
            return parts.get(0);
        } else if (parts.stream().anyMatch(Sizes.class::isInstance)) {
            List<Size> elements = new ArrayList<>();
            for (Value part : parts) {
                List<Size> sizes = Evaluation.sizes(part);
                if (sizes == null) {
                    throw node.refused("a part of a shape", "computed", "a shape");
                }
                elements.addAll(sizes);
            }
            return new Sizes(elements, false);
        } else if (parts.stream().allMatch(Constant.class::isInstance)) {
            return constants(node, parts, axis);
        }
        return rows(node, graph, parts, axis);
    }

    private static Value constants(OnnxNode node, List<Value> parts, int axis) {
        List<List<Integer>> dims = new ArrayList<>();
        List<Tensor> arrays = new ArrayList<>();
        for (Value part : parts) {
            arrays.add(((Constant) part).array());
            dims.add(part.dims());
        }
        Axis first = parts.get(0).axes().get(axis);
        if (!first.rowsOnly()) {
            throw node.refused("axis " + axis, first, "of known length");
        }
        Arrangement to = Arrangement.concat(dims, axis);
        Tensor array = flat(arrays).arranged(to);
        List<Axis> axes = Moves.replaced(parts.get(0).axes(), axis, Axis.row(to.dims().get(axis)));
        return new Constant(array, axes);
    }

    /** The values of several arrays one after another. */
    private static Tensor flat(List<Tensor> arrays) {
        int count = arrays.stream().mapToInt(Tensor::count).sum();
        boolean whole = arrays.stream().allMatch(Tensor::whole);
        float[] floats = new float[whole ? 0 : count];
        long[] numbers = new long[whole ? count : 0];
        int next = 0;
        for (Tensor array : arrays) {
            if (whole) {
                System.arraycopy(array.numbers(), 0, numbers, next, array.count());
            } else {
                System.arraycopy(array.asFloats(), 0, floats, next, array.count());
            }
            next += array.count();
        }
        return whole ? Tensor.of(List.of(count), numbers) : Tensor.of(List.of(count), floats);
    }

    private static Value rows(OnnxNode node, Evaluation graph, List<Value> parts, int axis) {
        List<Data> data = new ArrayList<>();
        for (Value part : parts) {
            if (!(part instanceof Data one)) {
                throw node.refused("a part", "a constant", "computed as the others are");
            }
            data.add(one);
        }
        List<Axis> axes = new ArrayList<>(data.get(0).axes());
        long length = 0;
        for (Data part : data) {
            Axis along = part.axes().get(axis);
            length += along.rowsOnly() ? along.rows() : along.fixed();
            graph.axes().row(along, 0, node);
            if (part.computed() && !along.rowsOnly()) {
                throw node.refused("axis " + axis, along, "part of a row");
            }
            for (int k = 0; k < axes.size(); k++) {
                if (k != axis) {
                    graph.axes().same(axes.get(k), part.axes().get(k), node);
                    axes.set(k, axes.get(k).one() ? part.axes().get(k) : axes.get(k));
                }
            }
        }
        axes.set(axis, Axis.row(length));
        int tensor = tensor(node, graph, data, axes, axis);
        return new Data(tensor, axes, trace(data, axes, axis));
    }

    private static int tensor(
            OnnxNode node, Evaluation graph, List<Data> parts, List<Axis> axes, int axis) {
        if (!parts.stream().allMatch(Data::computed)) {
            return Data.NONE;
        }
        List<Integer> reads = new ArrayList<>();
        for (Data part : parts) {
            int count = Arrangement.of(part.dims()).count();
            reads.add(graph.layers().shaped(node, part, List.of(count)));
        }
        int joined = graph.layers().add(reads, () -> new Concatenate(node.name()));
        Arrangement to = Arrangement.concat(parts.stream().map(Data::dims).toList(), axis);
        Data flat = new Data(joined, List.of(Axis.row(to.count())));
        return graph.layers().arranged(node, flat, to, axes).tensor();
    }

    private static Tensor trace(List<Data> parts, List<Axis> axes, int axis) {
        if (parts.stream().anyMatch(part -> part.trace() == null)) {
            return null;
        }
        List<Tensor> traces = parts.stream().map(Data::trace).toList();
        Arrangement to = Arrangement.concat(traces.stream().map(Tensor::dims).toList(), axis);
        return to.dims().equals(Axis.full(axes)) ? flat(traces).arranged(to) : null;
    }
}
