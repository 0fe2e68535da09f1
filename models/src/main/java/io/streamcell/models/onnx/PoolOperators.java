package io.streamcell.models.onnx;

import io.streamcell.models.Activation;
import io.streamcell.models.Dense;
import io.streamcell.models.TimeLayer;
import io.streamcell.models.TimeLayer.Pooling;
import io.streamcell.models.Weights;
import io.streamcell.models.onnx.Value.Data;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Operators that make one value of many: over time, or over the last axis. */
final class PoolOperators {
    static final Map<String, Pooling> TYPES =
            Map.of(
                    "ReduceMean", Pooling.AVERAGE,
                    "ReduceMax", Pooling.MAX,
                    "ReduceSum", Pooling.SUM,
                    "GlobalAveragePool", Pooling.AVERAGE,
                    "GlobalMaxPool", Pooling.MAX);

    private PoolOperators() {}

    static List<Value> read(OnnxNode node, Evaluation graph) {
        Data data = graph.data(node, 0);
        boolean global = node.type().startsWith("Global");
        List<Long> given = global ? null : graph.integers(node, "axes", 1);
        TreeSet<Integer> axes = new TreeSet<>();
        if (given == null || given.isEmpty()) {
            if (!global && node.integer("noop_with_empty_axes", 0) == 1) {
                return List.of(data);
            }
            IntStream.range(global ? 2 : 0, data.rank()).forEach(axes::add);
        } else {
            given.forEach(axis -> axes.add(node.axis(axis, data.rank())));
        }
        boolean kept = global || node.integer("keepdims", 1) == 1;
        Data result = data;
        for (int axis : axes.descendingSet()) {
            result = reduced(node, graph, result, axis);
        }
        for (int axis : kept ? List.<Integer>of() : List.copyOf(axes.descendingSet())) {
            result = new Data(result.tensor(), Moves.without(result.axes(), axis));
        }
        return List.of(result);
    }

    private static Data reduced(OnnxNode node, Evaluation graph, Data data, int k) {
        Axis axis = data.axes().get(k);
        Pooling pooling = TYPES.get(node.type());
        if (axis.one() || !data.computed()) {
            return data.withAxis(k, Axis.ONE);
        } else if (axis.is(Axis.TIME)) {
            int tensor =
                    graph.layers()
                            .add(
                                    data.tensor(),
                                    () ->
                                            new TimeLayer.GlobalPool(
                                                    node.name(),
                                                    node.type(),
                                                    pooling,
                                                    false,
                                                    false));
            return new Data(tensor, data.withAxis(k, Axis.ONE).axes());
        } else if (!axis.rowsOnly() || pooling == Pooling.MAX || !last(data, k)) {
            throw node.refused(
                    "axes",
                    k + ", which is " + axis,
                    "time, or the last one of features for a mean or a sum");
        }
        float[] ones = new float[axis.rows()];
        Arrays.fill(ones, 1);
        int sum =
                graph.layers()
                        .add(
                                graph.layers().shaped(node, data, dims(data, k)),
                                () ->
                                        new Dense(
                                                node.name(),
                                                Weights.matrix(axis.rows(), 1, ones),
                                                Weights.vector(new float[1]),
                                                Activation.LINEAR));
        Data total = new Data(sum, data.withAxis(k, Axis.ONE).axes());
        return pooling == Pooling.SUM
                ? total
                : RowConstants.divided(
                        node, graph, total, Tensor.of(List.of(1), (float) axis.rows()));
    }

    private static boolean last(Data data, int k) {
        return data.axes().subList(k + 1, data.rank()).stream().allMatch(axis -> axis.rows() == 1);
    }

    private static List<Integer> dims(Data data, int k) {
        List<Integer> dims = new ArrayList<>(Layers.rowDims(data.axes().subList(0, k)));
        dims.add(data.axes().get(k).rows());
        return dims;
    }
}
