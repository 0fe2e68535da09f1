package io.streamcell.kernels.reference;

import io.streamcell.kernels.KernelOptions;
import io.streamcell.kernels.KernelProvider;
import io.streamcell.kernels.NetworkKernel;
import io.streamcell.models.Network;
import io.streamcell.models.StateLayout;
import java.util.Optional;

/** Computes everything, everywhere, plainly. */
public final class ReferenceProvider implements KernelProvider {
    @Override
    public String name() {
        return "reference";
    }

    @Override
    public int preference() {
        return 10;
    }

    @Override
    public Optional<String> unavailable() {
        return Optional.empty();
    }

    @Override
    public NetworkKernel compile(Network network, StateLayout layout, KernelOptions options) {
        return new ReferenceKernel(network, layout);
    }
}
