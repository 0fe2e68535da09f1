package io.streamcell.models.onnx;

import io.streamcell.models.Activate;
import io.streamcell.models.Activation;
import io.streamcell.models.BatchNormalization;
import io.streamcell.models.Layer;
import io.streamcell.models.LayerNormalization;
import io.streamcell.models.RowLayer;
import io.streamcell.models.Weights;
import io.streamcell.models.onnx.Value.Data;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** Operators that look at a whole row, or have constants for each of its values. */
final class NormOperators {
    private NormOperators() {}

    static List<Value> softmax(OnnxNode node, Evaluation graph) {
        Data data = graph.data(node, 0);
        int given = node.integer("axis", node.opset() < 13 ? 1 : -1);
        if (node.axis(given, data.rank()) != data.rank() - 1) {
            throw node.refused("axis", given, "the last of " + data.rank());
        }
        Activation activation =
                node.type().equals("Softmax") ? Activation.SOFTMAX : Activation.LOG_SOFTMAX;
        return List.of(overLast(node, graph, data, () -> new Activate(node.name(), activation)));
    }

    private static Data overLast(
            OnnxNode node, Evaluation graph, Data data, Supplier<Layer> layer) {
        int read = graph.layers().byLast(node, data);
        return new Data(graph.layers().add(read, layer), data.axes());
    }

    /** {@code (x - mean)/sqrt(var + eps)*scale + b} along axis 1; mean and var are constants. */
    static List<Value> batch(OnnxNode node, Evaluation graph) {
        Data data = graph.data(node, 0);
        if (node.integer("training_mode", 0) != 0) {
            throw node.refused("training_mode", 1, "0");
        }
        float[] gamma = graph.constant(node, 1).asFloats();
        float[] beta = graph.constant(node, 2).asFloats();
        float[] mean = graph.constant(node, 3).asFloats();
        float[] variance = graph.constant(node, 4).asFloats();
        double epsilon = node.number("epsilon", 1e-5f);
        int channels = gamma.length;
        if (data.rank() < 2
                || beta.length != channels
                || mean.length != channels
                || variance.length != channels) {
            throw node.refused(
                    "scale, B, mean and var", "of different lengths", "one for each channel");
        }
        BatchNormalization folded =
                BatchNormalization.of(
                        node.name(), gamma, beta, mean, variance, epsilon, 4L * channels);
        Integer[] ones = new Integer[data.rank() - 1];
        Arrays.fill(ones, 1);
        ones[0] = channels;
        List<Integer> dims = List.of(ones);
        Axis axis = data.axes().get(1);
        graph.axes().row(axis, channels, node);
        if (data.computed() && (!axis.rowsOnly() || axis.rows() != channels)) {
            throw node.refused("axis 1", axis, channels + " channels");
        }
        return List.of(
                RowConstants.scaled(
                        node,
                        graph,
                        data,
                        Tensor.of(dims, folded.scale().values()),
                        Tensor.of(dims, folded.shift().values())));
    }

    static List<Value> layer(OnnxNode node, Evaluation graph) {
        Data data = graph.data(node, 0);
        int first = firstAxis(node, data);
        float epsilon = node.number("epsilon", 1e-5f);
        Supplier<Layer> layer =
                () -> {
                    Weights gamma = scale(node, graph, data, first);
                    Weights beta =
                            graph.optional(node, 2) == null
                                    ? Weights.vector(new float[gamma.count()])
                                    : Weights.vector(graph.constant(node, 2).asFloats());
                    long parameters = (long) gamma.count() + beta.count();
                    return new LayerNormalization(node.name(), epsilon, gamma, beta, parameters);
                };
        return List.of(overAxes(node, graph, data, first, layer));
    }

    static List<Value> rootMeanSquare(OnnxNode node, Evaluation graph) {
        Data data = graph.data(node, 0);
        int first = firstAxis(node, data);
        float epsilon = node.number("epsilon", 1e-5f);
        Supplier<Layer> layer =
                () -> {
                    Weights scale = scale(node, graph, data, first);
                    return new RowLayer.Norm(node.name(), node.type(), epsilon, scale, false);
                };
        return List.of(overAxes(node, graph, data, first, layer));
    }

    private static int firstAxis(OnnxNode node, Data data) {
        int first = node.axis(node.integer("axis", -1), data.rank());
        if (node.has(Patterns.ALONE) && first != data.rank() - 1) {
            throw node.refused("axes", first, "the last of " + data.rank());
        }
        return first;
    }

    /** The given scale, or ones. */
    private static Weights scale(OnnxNode node, Evaluation graph, Data data, int first) {
        if (graph.optional(node, 1) != null) {
            return Weights.vector(graph.constant(node, 1).asFloats());
        }
        int length =
                Axis.rows(data.axes().subList(first, data.rank())).stream()
                        .reduce(1, Math::multiplyExact);
        float[] ones = new float[length];
        Arrays.fill(ones, 1);
        return Weights.vector(ones);
    }

    /** A layer over the last axes, which it sees as one. */
    private static Data overAxes(
            OnnxNode node, Evaluation graph, Data data, int first, Supplier<Layer> layer) {
        List<Axis> last = data.axes().subList(first, data.rank());
        last.forEach(axis -> graph.axes().row(axis, 0, node));
        if (data.computed() && !last.stream().allMatch(Axis::rowsOnly)) {
            throw node.refused("the axes that are normalized", last, "features alone");
        }
        List<Integer> dims = Layers.rowDims(data.axes().subList(0, first));
        dims.add(Axis.rows(last).stream().reduce(1, Math::multiplyExact));
        int read = graph.layers().shaped(node, data, dims);
        return new Data(graph.layers().add(read, layer), data.axes());
    }

    static List<Value> prelu(OnnxNode node, Evaluation graph) {
        Data data = graph.data(node, 0);
        Tensor slope = graph.constant(node, 1);
        List<Tensor> slopes = new ArrayList<>(List.of(slope));
        return List.of(
                RowConstants.applied(
                        node,
                        graph,
                        data,
                        slopes,
                        (name, vectors) -> new RowLayer.PRelu(name, vectors.get(0))));
    }
}
