package io.streamcell.models.onnx;

import io.streamcell.models.onnx.Value.Constant;
import io.streamcell.models.onnx.Value.Data;
import io.streamcell.models.onnx.Value.Sizes;
import io.streamcell.models.onnx.schema.Onnx.TensorProto.DataType;
import java.util.ArrayList;
import java.util.List;

/** Operators that make constants and shapes. */
final class ShapeOperators {
    private ShapeOperators() {}

    static List<Value> shape(OnnxNode node, Evaluation graph) {
        List<Axis> axes = graph.value(node, 0).axes();
        int rank = axes.size();
        int start = bound(node.integer("start", 0), rank);
        int end = bound(node.integer("end", rank), rank);
        List<Size> sizes =
                axes.subList(start, Math.max(start, end)).stream().map(Axis::size).toList();
        return List.of(new Sizes(sizes, false));
    }

    private static int bound(int given, int rank) {
        return Math.max(0, Math.min(given < 0 ? given + rank : given, rank));
    }

    static List<Value> size(OnnxNode node, Evaluation graph) {
        Size product = Size.of(1);
        for (Axis axis : graph.value(node, 0).axes()) {
            product = product.times(axis.size());
        }
        return List.of(new Sizes(List.of(product), true));
    }

    static List<Value> constant(OnnxNode node, Evaluation graph) {
        Tensor array;
        if (node.has("value")) {
            array = graph.array(node.tensor("value"));
        } else if (node.has("value_float")) {
            array = Tensor.of(List.of(), node.number("value_float", 0));
        } else if (node.has("value_int")) {
            array = Tensor.of(List.of(), (long) node.integer("value_int", 0));
        } else if (node.has("value_floats")) {
            List<Float> numbers = node.numbers("value_floats");
            float[] floats = new float[numbers.size()];
            for (int k = 0; k < floats.length; k++) {
                floats[k] = numbers.get(k);
            }
            array = Tensor.of(List.of(floats.length), floats);
        } else if (node.has("value_ints")) {
            long[] longs = node.integers("value_ints").stream().mapToLong(k -> k).toArray();
            array = Tensor.of(List.of(longs.length), longs);
        } else {
            throw node.refused("its value", "neither", "an array or numbers");
        }
        return List.of(Constant.of(array));
    }

    static List<Value> constantOfShape(OnnxNode node, Evaluation graph) {
        Tensor value =
                node.has("value")
                        ? graph.array(node.tensor("value"))
                        : Tensor.of(List.of(1), new float[1]);
        Constant one = Constant.of(value.arranged(Arrangement.of(value.dims()).reshape(List.of())));
        return List.of(LayoutOperators.expanded(node, graph, one, graph.sizes(node, 0)));
    }

    static List<Value> range(OnnxNode node, Evaluation graph) {
        double start = graph.constant(node, 0).value(0);
        double limit = graph.constant(node, 1).value(0);
        double delta = graph.constant(node, 2).value(0);
        double count = Math.max(0, Math.ceil((limit - start) / delta));
        if (!(count <= Arrangement.LARGEST)) {
            throw node.refused("its count", count, "at most " + Arrangement.LARGEST);
        }
        boolean whole = graph.constant(node, 0).whole();
        long[] longs = new long[whole ? (int) count : 0];
        float[] floats = new float[whole ? 0 : (int) count];
        for (int k = 0; k < count; k++) {
            if (whole) {
                longs[k] = (long) (start + k * delta);
            } else {
                floats[k] = (float) (start + k * delta);
            }
        }
        List<Integer> dims = List.of((int) count);
        return List.of(Constant.of(whole ? Tensor.of(dims, longs) : Tensor.of(dims, floats)));
    }

    /** Data stays float32; it may be made whole only where it is ids. */
    static List<Value> cast(OnnxNode node, Evaluation graph) {
        Value value = graph.value(node, 0);
        DataType to = DataType.forNumber(node.integer("to", 0));
        if (to == null) {
            throw node.refused("to", node.integer("to", 0), "a type of ONNX");
        }
        boolean floating = TensorReader.floating(to);
        if (value instanceof Data) {
            boolean ids =
                    graph.graph().consumers().getOrDefault(node.output(0), List.of()).stream()
                            .allMatch(reader -> Operators.moves(reader));
            if (!floating && (!ids || to == DataType.BOOL)) {
                throw node.refused("to", to, "a type of floats, but for token ids");
            }
            return List.of(value);
        } else if (value instanceof Sizes) {
            return List.of(value);
        }
        Constant constant = (Constant) value;
        Tensor array = constant.array();
        if (floating) {
            return List.of(
                    new Constant(Tensor.of(array.dims(), array.asFloats()), constant.axes()));
        }
        long[] numbers = new long[array.count()];
        for (int k = 0; k < numbers.length; k++) {
            double number = array.value(k);
            numbers[k] = to != DataType.BOOL ? (long) number : number != 0 ? 1 : 0;
        }
        return List.of(new Constant(Tensor.of(array.dims(), numbers), constant.axes()));
    }

    static List<Value> compared(OnnxNode node, Evaluation graph) {
        Value x = graph.value(node, 0);
        Value y = graph.value(node, 1);
        if (!Folding.known(x) || !Folding.known(y)) {
            throw node.refused("its inputs", "computed", "constants or shapes");
        }
        return List.of(Folding.folded(node, x, y));
    }

    static List<Value> where(OnnxNode node, Evaluation graph) {
        List<Size> truth = graph.sizes(node, 0);
        List<Size> x = graph.sizes(node, 1);
        List<Size> y = graph.sizes(node, 2);
        int count = Math.max(truth.size(), Math.max(x.size(), y.size()));
        List<Size> values = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            List<Size> from = truth.get(truth.size() == 1 ? 0 : k).is(0) ? y : x;
            values.add(from.get(from.size() == 1 ? 0 : k));
        }
        return List.of(new Sizes(values, graph.value(node, 0).rank() == 0 && count == 1));
    }

    static List<Value> product(OnnxNode node, Evaluation graph) {
        Size product = Size.of(1);
        for (Size size : graph.sizes(node, 0)) {
            product = product.times(size);
        }
        boolean kept = node.integer("keepdims", 1) == 1;
        return List.of(new Sizes(List.of(product), !kept));
    }
}
