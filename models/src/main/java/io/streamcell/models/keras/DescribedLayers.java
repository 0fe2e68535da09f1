package io.streamcell.models.keras;

import com.fasterxml.jackson.databind.node.NullNode;
import io.streamcell.models.NetworkBuilder;
import java.util.List;
import java.util.Map;

/** Layers of Keras in a description that is not Keras's. */
public final class DescribedLayers {
    private DescribedLayers() {}

    /**
     * Adds a layer, and gives the tensor of its first output.
     *
     * @param weights its arrays in Keras's order
     */
    public static int add(
            NetworkBuilder builder, LayerConfig layer, LayerWeights weights, int input) {
        LayerCall call =
                new LayerCall(
                        layer, List.of(Value.unmasked(input)), Map.of(), NullNode.getInstance());
        return new LayerReader(new Graph(builder)).call(call, weights).get(0).tensor();
    }
}
