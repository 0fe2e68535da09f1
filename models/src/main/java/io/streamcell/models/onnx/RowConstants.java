package io.streamcell.models.onnx;

import io.streamcell.models.BatchNormalization;
import io.streamcell.models.Layer;
import io.streamcell.models.RowLayer;
import io.streamcell.models.Weights;
import io.streamcell.models.onnx.Value.Data;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** Combines data with constants that are the same for all rows. */
final class RowConstants {
    private RowConstants() {}

    /** {@code fma(x, scale, shift)}, both as long as a row or as its last axis. */
    static Data scaled(OnnxNode node, Evaluation graph, Data data, Tensor scale, Tensor shift) {
        return applied(
                node,
                graph,
                data,
                List.of(scale, shift),
                (name, vectors) ->
                        new BatchNormalization(
                                name,
                                vectors.get(0),
                                vectors.get(1),
                                (long) scale.count() + shift.count()));
    }

    /** {@code x / divisor}. */
    static Data divided(OnnxNode node, Evaluation graph, Data data, Tensor divisor) {
        return applied(
                node,
                graph,
                data,
                List.of(divisor),
                (name, vectors) ->
                        new RowLayer.Standardize(
                                name,
                                Weights.vector(new float[vectors.get(0).count()]),
                                vectors.get(0),
                                false));
    }

    /**
     * A layer over the last axis where the constants differ along that alone, else over whole rows.
     */
    static Data applied(
            OnnxNode node,
            Evaluation graph,
            Data data,
            List<Tensor> constants,
            BiFunction<String, List<Weights>, Layer> layer) {
        List<Axis> axes = data.axes();
        for (Tensor constant : constants) {
            axes = axes(node, graph, axes, constant);
        }
        List<Axis> broadcast = axes;
        Value wide =
                LayoutOperators.expanded(
                        node, graph, data, broadcast.stream().map(Axis::size).toList());
        Data source = new Data(((Data) wide).tensor(), broadcast);
        if (!source.computed()) {
            return source;
        }
        Axis last = broadcast.isEmpty() ? Axis.ONE : broadcast.get(broadcast.size() - 1);
        boolean narrow = last.rowsOnly() && constants.stream().allMatch(RowConstants::onLastAlone);
        List<Integer> rows = Axis.rows(broadcast);
        List<Integer> vector = narrow ? List.of(last.rows()) : rows;
        List<Weights> weights =
                constants.stream()
                        .map(constant -> spread(node, constant, vector, broadcast))
                        .toList();
        int read =
                narrow
                        ? graph.layers().byLast(node, source)
                        : graph.layers()
                                .shaped(node, source, List.of(Arrangement.of(rows).count()));
        int tensor = graph.layers().add(read, () -> layer.apply(node.name(), weights));
        return new Data(tensor, broadcast);
    }

    private static boolean onLastAlone(Tensor constant) {
        List<Integer> dims = constant.dims();
        return dims.isEmpty() || dims.subList(0, dims.size() - 1).stream().allMatch(d -> d == 1);
    }

    private static List<Axis> axes(
            OnnxNode node, Evaluation graph, List<Axis> axes, Tensor constant) {
        List<Integer> dims = constant.dims();
        for (int k = 0; k < Math.min(dims.size(), axes.size()); k++) {
            int length = dims.get(dims.size() - 1 - k);
            Axis axis = axes.get(axes.size() - 1 - k);
            if (length > 1 && axis.symbol() >= Axis.OPEN && axis.fixed() == 0) {
                graph.axes().row(axis, length, node);
            }
        }
        return Folding.broadcast(node, axes, unfixed(constant, axes));
    }

    /** The axes of a constant; those that must be the same for all timesteps are left out. */
    private static List<Axis> unfixed(Tensor constant, List<Axis> axes) {
        List<Axis> own = new ArrayList<>(Axis.rows(constant.dims()));
        for (int k = 0; k < Math.min(own.size(), axes.size()); k++) {
            Axis axis = axes.get(axes.size() - 1 - k);
            int at = own.size() - 1 - k;
            if (!axis.rowsOnly() && axis.fixed() == constant.dims().get(at)) {
                own.set(at, Axis.ONE);
            }
        }
        return own;
    }

    private static Weights spread(
            OnnxNode node, Tensor constant, List<Integer> vector, List<Axis> axes) {
        Tensor array = constant;
        int more = array.dims().size() - axes.size();
        for (int k = 0; k < array.dims().size(); k++) {
            if (k >= more && !axes.get(k - more).rowsOnly() && array.dims().get(k) > 1) {
                array = firstOf(node, array, k);
            }
        }
        List<Integer> dims = array.dims();
        if (vector.size() < dims.size()) {
            array =
                    array.arranged(
                            Arrangement.of(dims)
                                    .reshape(
                                            dims.subList(
                                                    dims.size() - vector.size(), dims.size())));
        }
        array = array.arranged(Arrangement.of(array.dims()).expand(vector));
        return Weights.vector(array.asFloats());
    }

    /** The first slice of an array whose slices along an axis are all the same. */
    private static Tensor firstOf(OnnxNode node, Tensor array, int axis) {
        Tensor first = array.arranged(Arrangement.of(array.dims()).take(axis, new int[] {0}));
        Tensor all = first.arranged(Arrangement.of(first.dims()).expand(array.dims()));
        for (int k = 0; k < array.count(); k++) {
            if (all.value(k) != array.value(k)) {
                throw node.refused(
                        "a constant", "different along axis " + axis, "the same at every timestep");
            }
        }
        return first;
    }
}
