package io.streamcell.models.onnx;

import io.streamcell.models.Layer;
import io.streamcell.models.Merge;
import io.streamcell.models.NetworkBuilder;
import io.streamcell.models.RowLayer;
import io.streamcell.models.Shape;
import io.streamcell.models.onnx.Value.Data;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Adds layers to the network. What is not computed (in the walk that looks for axes and states)
 * gives nothing.
 */
final class Layers {
    private final NetworkBuilder builder;

    Layers(NetworkBuilder builder) {
        this.builder = builder;
    }

    Shape shape(int tensor) {
        return builder.shape(tensor);
    }

    /** The outputs of a layer. */
    List<Integer> all(Layer layer, List<Integer> reads) {
        return builder.add(layer, reads);
    }

    /** The one output of a layer over one tensor, which is made only if there is one. */
    int add(int read, Supplier<Layer> layer) {
        return read == Data.NONE ? Data.NONE : builder.add(layer.get(), List.of(read)).get(0);
    }

    /** The one output of a layer over several tensors. */
    int add(List<Integer> reads, Supplier<Layer> layer) {
        return reads.contains(Data.NONE) ? Data.NONE : builder.add(layer.get(), reads).get(0);
    }

    /** The tensor of some data, its rows in the given dimensions. */
    int shaped(OnnxNode node, Data data, List<Integer> dims) {
        boolean there = !data.computed() || shape(data.tensor()).dims().equals(dims);
        return there
                ? data.tensor()
                : add(
                        data.tensor(),
                        () -> new RowLayer.Rearrange(node.name(), node.type(), dims, null));
    }

    /** The tensor of some data, the rows of its last axis as the last dimension. */
    int byLast(OnnxNode node, Data data) {
        Axis last = data.axes().isEmpty() ? Axis.ONE : data.axes().get(data.rank() - 1);
        if (data.computed() && !last.rowsOnly()) {
            throw node.refused("its last axis", last, "part of a row");
        }
        List<Integer> dims = rowDims(data.axes().subList(0, Math.max(0, data.rank() - 1)));
        dims.add(last.rows());
        return shaped(node, data, dims);
    }

    /** The dimensions of a row: the axes' without those of length 1. */
    static List<Integer> rowDims(List<Axis> axes) {
        List<Integer> dims = new ArrayList<>(Axis.rows(axes));
        dims.removeIf(dim -> dim == 1);
        return dims;
    }

    /** Data whose rows are rearranged; a layer only where values move. */
    Data arranged(OnnxNode node, Data data, Arrangement arrangement, List<Axis> axes) {
        int count = Arrangement.of(data.dims()).count();
        boolean kept = arrangement.keepsAll(count);
        int tensor =
                kept
                        ? data.tensor()
                        : add(
                                data.tensor(),
                                () ->
                                        new RowLayer.Rearrange(
                                                node.name(),
                                                node.type(),
                                                rowDims(axes),
                                                arrangement.places()));
        return new Data(tensor, axes);
    }

    /** A row per chunk as one per timestep, all the same: added to zeros of a sequence. */
    int repeated(OnnxNode node, int row, int sequence) {
        List<Integer> dims = shape(row).dims();
        int zeros =
                builder.add(
                                new RowLayer.Rearrange(
                                        node.name(), node.type(), List.of(1), new int[] {0}),
                                List.of(sequence))
                        .get(0);
        int scaled = builder.add(ElementLayers.scale(node, 0, 0), List.of(zeros)).get(0);
        int shaped =
                dims.isEmpty()
                        ? builder.add(
                                        new RowLayer.Rearrange(
                                                node.name(), node.type(), List.of(), null),
                                        List.of(scaled))
                                .get(0)
                        : scaled;
        return builder.add(new Merge(node.name(), Merge.Operation.ADD), List.of(shaped, row))
                .get(0);
    }
}
