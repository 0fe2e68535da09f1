package io.streamcell.models.onnx;

import io.streamcell.models.Activation;
import io.streamcell.models.Dense;
import io.streamcell.models.Weights;
import io.streamcell.models.onnx.Value.Data;
import java.util.ArrayList;
import java.util.List;

/** Products with constant matrices: Dense over the last axis. */
final class MatrixOperators {
    private MatrixOperators() {}

    /** With the Add behind it as the bias, where that adds a constant vector. */
    static List<Value> matMul(OnnxNode node, Evaluation graph) {
        Data data = rows(node, graph);
        Tensor weights = graph.constant(node, 1);
        boolean vector = weights.dims().size() == 1;
        while (weights.dims().size() > 2 && weights.dims().get(0) == 1) {
            List<Integer> dims = weights.dims().subList(1, weights.dims().size());
            weights = weights.arranged(Arrangement.of(weights.dims()).reshape(dims));
        }
        if (weights.dims().size() > 2 || weights.dims().isEmpty()) {
            throw node.refused("its weights", weights.dims(), "a matrix");
        }
        int features = weights.dims().get(0);
        int units = vector ? 1 : weights.dims().get(1);
        OnnxNode add = bias(node, graph, units);
        float[] bias = new float[units];
        if (add != null) {
            int k = add.input(0).equals(node.output(0)) ? 1 : 0;
            bias = graph.constant(add, k).asFloats();
        }
        Matrix matrix = new Matrix(features, units, weights.asFloats(), bias);
        Data output = dense(node, graph, data, matrix);
        if (vector) {
            output = new Data(output.tensor(), Moves.without(output.axes(), output.rank() - 1));
        }
        if (add != null) {
            graph.put(add.output(0), output);
        }
        return List.of(output);
    }

    /**
     * @param weights {@code [features, units]}
     */
    private record Matrix(int features, int units, float[] weights, float[] bias) {}

    private static Data rows(OnnxNode node, Evaluation graph) {
        if (graph.value(node, 0) instanceof Data && graph.value(node, 1) instanceof Data) {
            throw node.refused("its weights", "computed", "a constant");
        }
        Data data = graph.data(node, 0);
        if (data.rank() < 1) {
            throw node.refused("input 0", "a scalar", "rows");
        }
        return data;
    }

    /** The node that adds a constant vector to the product and is alone in reading it. */
    private static OnnxNode bias(OnnxNode node, Evaluation graph, int units) {
        List<OnnxNode> readers = graph.graph().consumers().getOrDefault(node.output(0), List.of());
        if (readers.size() != 1
                || !readers.get(0).type().equals("Add")
                || graph.graph().outputs().contains(node.output(0))) {
            return null;
        }
        OnnxNode add = readers.get(0);
        int k = add.input(0).equals(node.output(0)) ? 1 : 0;
        Value value = graph.optional(add, k);
        Tensor bias = value == null ? null : Evaluation.constant(value);
        boolean fits =
                bias != null
                        && bias.count() == units
                        && !bias.dims().isEmpty()
                        && bias.dims().size() <= graph.value(node, 0).rank()
                        && bias.dims().get(bias.dims().size() - 1) == units;
        return fits ? add : null;
    }

    private static Data dense(OnnxNode node, Evaluation graph, Data data, Matrix matrix) {
        Axis last = data.axes().get(data.rank() - 1);
        graph.axes().row(last, matrix.features(), node);
        if (data.computed() && last.rows() != matrix.features()) {
            throw node.refused(
                    "features", last, "%d as its weights have".formatted(matrix.features()));
        }
        int read = graph.layers().byLast(node, data);
        int tensor =
                graph.layers()
                        .add(
                                read,
                                () ->
                                        new Dense(
                                                node.name(),
                                                Weights.matrix(
                                                        matrix.features(),
                                                        matrix.units(),
                                                        matrix.weights()),
                                                Weights.vector(matrix.bias()),
                                                Activation.LINEAR));
        List<Axis> axes = new ArrayList<>(data.axes());
        axes.set(axes.size() - 1, Axis.row(matrix.units()));
        return new Data(tensor, axes);
    }

    static List<Value> gemm(OnnxNode node, Evaluation graph) {
        Data data = rows(node, graph);
        Tensor weights = graph.constant(node, 1);
        if (node.integer("transA", 0) != 0 || weights.dims().size() != 2) {
            throw node.refused(
                    "transA and the axes of its weights",
                    node.integer("transA", 0) + " and " + weights.dims().size(),
                    "0 and 2");
        }
        if (node.integer("transB", 0) != 0) {
            weights = weights.arranged(Arrangement.of(weights.dims()).transpose(List.of(1, 0)));
        }
        int units = weights.dims().get(1);
        float[] bias = new float[units];
        if (graph.optional(node, 2) != null) {
            Tensor added = graph.constant(node, 2);
            List<Integer> dims = added.dims().size() > 1 ? List.of(1, units) : List.of(units);
            bias =
                    times(
                            added.arranged(Arrangement.of(added.dims()).expand(dims)).asFloats(),
                            node.number("beta", 1));
        }
        float[] scaled = times(weights.asFloats(), node.number("alpha", 1));
        return List.of(
                dense(node, graph, data, new Matrix(weights.dims().get(0), units, scaled, bias)));
    }

    private static float[] times(float[] values, float factor) {
        if (factor == 1) {
            return values;
        }
        float[] scaled = values.clone();
        for (int k = 0; k < scaled.length; k++) {
            scaled[k] *= factor;
        }
        return scaled;
    }
}
