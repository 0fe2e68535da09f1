package io.streamcell.operators;

import java.util.List;
import org.apache.flink.annotation.Public;

/**
 * A stream's recurrent state at one point of its events.
 *
 * @param next index of the timestep that comes after it
 * @param layers those that carry state, in the network's order
 * @param flags why it is written where no event asked for it, see {@link Flags}
 */
@Public
public record ExportedState(
        String stream,
        long next,
        String model,
        List<LayerState> layers,
        int flags,
        List<Header> headers)
        implements OutputRecord {
    public ExportedState {
        layers = List.copyOf(layers);
    }
}
