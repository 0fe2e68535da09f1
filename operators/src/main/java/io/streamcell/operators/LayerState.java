package io.streamcell.operators;

import java.util.List;
import org.apache.flink.annotation.Public;

/**
 * The state tensors of one recurrent layer.
 *
 * @param layer the saved layer's name
 * @param tensors in the layer's order (an LSTM's h, then c); not to be modified
 */
@Public
public record LayerState(String layer, List<float[]> tensors) {
    public LayerState {
        tensors = List.copyOf(tensors);
    }
}
