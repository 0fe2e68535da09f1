package io.streamcell.kernels.graph;

import io.streamcell.kernels.KernelProvider;
import io.streamcell.models.Activate;
import io.streamcell.models.BatchNormalization;
import io.streamcell.models.Concatenate;
import io.streamcell.models.CustomCell;
import io.streamcell.models.Dense;
import io.streamcell.models.Embedding;
import io.streamcell.models.Identity;
import io.streamcell.models.Layer;
import io.streamcell.models.LayerNormalization;
import io.streamcell.models.Merge;
import io.streamcell.models.Network;
import io.streamcell.models.Node;
import io.streamcell.models.Recurrent;
import io.streamcell.models.Shape;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What every provider computes by itself, with its own kernels: cells over sequences, dense layers,
 * normalizations, activations, sums. All else is computed around them by {@link GraphKernel}.
 */
public final class Plain {
    private Plain() {}

    /** Whether a provider computes the whole network in one call. */
    public static boolean network(KernelProvider provider, Network network) {
        Set<String> states = new HashSet<>();
        for (Node node : network.nodes()) {
            boolean again = node.layer() instanceof Recurrent r && !states.add(r.name());
            if (again || !node(provider, node, network.tensors())) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether a provider computes the node.
     *
     * @param tensors the network's shapes
     */
    public static boolean node(KernelProvider provider, Node node, List<Shape> tensors) {
        Layer layer = node.layer();
        if (provider.refusal(layer).isPresent()) {
            return false;
        } else if (layer instanceof Recurrent recurrent) {
            return recurrent.mode().plain() && cells(provider, recurrent);
        } else if (layer instanceof Merge merge) {
            return merge.operation() == Merge.Operation.ADD && alike(node, tensors, true);
        } else if (layer instanceof Concatenate) {
            return alike(node, tensors, false);
        }
        return layer instanceof Dense
                || layer instanceof Embedding
                || layer instanceof BatchNormalization
                || layer instanceof LayerNormalization
                || layer instanceof Activate
                || layer instanceof Identity;
    }

    /** Whether a provider computes the layer's cells. */
    static boolean cells(KernelProvider provider, Recurrent layer) {
        return provider.customCells()
                || layer.cells().stream().noneMatch(CustomCell.class::isInstance);
    }

    /** Whether all inputs are on the output's time axis, or static, and of its dimensions. */
    private static boolean alike(Node node, List<Shape> tensors, boolean sameDims) {
        Shape output = tensors.get(node.output());
        for (int input : node.inputs()) {
            Shape shape = tensors.get(input);
            if (shape.timed() && shape.axis() != output.axis()
                    || sameDims && !shape.dims().equals(output.dims())) {
                return false;
            }
        }
        return true;
    }
}
