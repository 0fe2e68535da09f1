package io.streamcell.operators;

import io.streamcell.models.Network;
import java.io.IOException;
import java.io.Serializable;

/** Gives an operator the networks of pinned models, with their weights. */
@FunctionalInterface
interface NetworkSource extends Serializable {
    Network network(ModelReference reference) throws IOException;
}
