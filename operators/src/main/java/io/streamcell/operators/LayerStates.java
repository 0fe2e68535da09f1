package io.streamcell.operators;

import io.streamcell.models.StateLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A stream's flat state vector {@code [carriedWidth]} as the states of layers, and back. */
public final class LayerStates {
    private LayerStates() {}

    /** The states of the layers that carry one, in the network's order; copies. */
    public static List<LayerState> of(float[] vector, StateLayout layout) {
        List<LayerState> layers = new ArrayList<>();
        for (StateLayout.Part part : layout.parts()) {
            if (part.carried()) {
                List<float[]> tensors = new ArrayList<>();
                int at = part.offset();
                for (int size : part.sizes()) {
                    tensors.add(Arrays.copyOfRange(vector, at, at + size));
                    at += size;
                }
                layers.add(new LayerState(part.layer(), tensors));
            }
        }
        return layers;
    }

    /**
     * The flat vector; layers left out have their initial state.
     *
     * @param layers of the layout and in its shapes, as {@link EventCheck} makes sure
     */
    public static float[] vector(List<LayerState> layers, StateLayout layout) {
        float[] vector = new float[layout.carriedWidth()];
        layout.writeInitial(0, vector.length, vector, 0);
        for (LayerState layer : layers) {
            StateLayout.Part part = layout.part(layer.layer()).orElseThrow();
            int at = part.offset();
            for (float[] tensor : layer.tensors()) {
                System.arraycopy(tensor, 0, vector, at, tensor.length);
                at += tensor.length;
            }
        }
        return vector;
    }
}
