package io.streamcell.operators;

import io.streamcell.models.Network;
import java.io.IOException;
import java.io.Serializable;

/** Where a task takes a network's weights from. */
@FunctionalInterface
interface NetworkSource extends Serializable {
    Network network() throws IOException;
}
