package io.streamcell.kernels.nd4j;

import io.streamcell.kernels.KernelOptions;
import io.streamcell.kernels.KernelProvider;
import io.streamcell.kernels.NetworkKernel;
import io.streamcell.models.Network;
import io.streamcell.models.StateLayout;
import java.util.Optional;

/**
 * Computes cells that users add, and everything else that the reference computes, within rounding
 * of it but not bit for bit: ND4J's backend chooses the order of operations by the size of a batch.
 * Never taken by {@code auto} for a network, since the reference is preferred and always available;
 * other providers' networks get it for the layers of added cells.
 */
public final class Nd4jProvider implements KernelProvider {
    @Override
    public String name() {
        return "nd4j";
    }

    @Override
    public int preference() {
        return 5;
    }

    @Override
    public Optional<String> unavailable() {
        return Backend.unavailable();
    }

    @Override
    public boolean customCells() {
        return true;
    }

    @Override
    public NetworkKernel compile(Network network, StateLayout layout, KernelOptions options) {
        return Nd4jKernel.compile(network, layout);
    }
}
