package io.streamcell.kernels.vector;

import io.streamcell.kernels.KernelOptions;
import io.streamcell.kernels.KernelProvider;
import io.streamcell.kernels.NetworkKernel;
import io.streamcell.models.Network;
import io.streamcell.models.StateLayout;
import java.util.Optional;

/**
 * Computes with the Vector API, where the JVM was started with its module. This class names no type
 * of that module, so that it loads without.
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
        return VectorKernel.of(network, layout);
    }
}
