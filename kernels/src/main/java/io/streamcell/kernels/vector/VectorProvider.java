package io.streamcell.kernels.vector;

import io.streamcell.kernels.KernelOptions;
import io.streamcell.kernels.KernelProvider;
import io.streamcell.kernels.NetworkKernel;
import io.streamcell.models.Network;
import io.streamcell.models.StateLayout;
import java.util.Optional;

/**
 * Computes with the Vector API. This class itself does not need it, so that it can say that it is
 * missing.
 */
public final class VectorProvider implements KernelProvider {
    @Override
    public String name() {
        return "vector";
    }

    @Override
    public int preference() {
        return 20;
    }

    @Override
    public Optional<String> unavailable() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
                ? Optional.empty()
                : Optional.of("the JVM must be started with --add-modules jdk.incubator.vector");
    }

    @Override
    public NetworkKernel compile(Network network, StateLayout layout, KernelOptions options) {
        return new VectorKernel(network, layout);
    }
}
