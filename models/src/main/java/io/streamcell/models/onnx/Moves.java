package io.streamcell.models.onnx;

import io.streamcell.models.onnx.Value.Constant;
import io.streamcell.models.onnx.Value.Data;
import io.streamcell.models.onnx.Value.Sizes;
import java.util.ArrayList;
import java.util.List;

/** Applies a rearrangement to whatever kind of value it meets. */
final class Moves {
    private Moves() {}

    /** A rearrangement of an array. */
    interface Move {
        /**
         * @param source the array as it is
         * @param dims of the result
         */
        Arrangement of(Arrangement source, List<Integer> dims);
    }

    /**
     * The value, moved.
     *
     * @param axes what the axes of the result are
     */
    static Value moved(OnnxNode node, Evaluation graph, Value value, Move move, List<Axis> axes) {
        if (value instanceof Constant constant) {
            Tensor array = constant.array();
            Arrangement to = move.of(Arrangement.of(array.dims()), Axis.rows(axes));
            return new Constant(array.arranged(to), axes);
        } else if (value instanceof Sizes sizes) {
            Arrangement to = move.of(Arrangement.of(sizes.dims()), Axis.rows(axes));
            return sizes(node, sizes, to);
        }
        Data data = (Data) value;
        Data moved = new Data(Data.NONE, axes);
        if (data.computed()) {
            Arrangement to = move.of(Arrangement.of(data.dims()), Axis.rows(axes));
            moved = graph.layers().arranged(node, data, to, axes);
        }
        Tensor trace = data.trace();
        if (trace != null) {
            trace = trace.arranged(move.of(Arrangement.of(trace.dims()), Axis.full(axes)));
        }
        return new Data(moved.tensor(), axes, trace);
    }

    private static Sizes sizes(OnnxNode node, Sizes sizes, Arrangement to) {
        if (to.dims().size() > 1) {
            throw node.refused("a shape", to.dims(), "a vector or a scalar");
        }
        if (to.places() == null) {
            return new Sizes(sizes.elements(), to.dims().isEmpty());
        }
        List<Size> elements = new ArrayList<>();
        for (int place : to.places()) {
            elements.add(sizes.elements().get(place));
        }
        return new Sizes(elements, to.dims().isEmpty());
    }

    /** The same values in their order on other axes. */
    static Value relabelled(OnnxNode node, Evaluation graph, Value value, List<Axis> axes) {
        return moved(node, graph, value, Arrangement::reshape, axes);
    }

    static List<Axis> replaced(List<Axis> axes, int k, Axis axis) {
        List<Axis> changed = new ArrayList<>(axes);
        changed.set(k, axis);
        return changed;
    }

    static List<Axis> without(List<Axis> axes, int k) {
        List<Axis> changed = new ArrayList<>(axes);
        changed.remove(k);
        return changed;
    }
}
