package io.streamcell.kernels.jni;

import io.streamcell.kernels.KernelOptions;
import io.streamcell.kernels.KernelProvider;
import io.streamcell.kernels.NetworkKernel;
import io.streamcell.models.Network;
import io.streamcell.models.StateLayout;
import java.util.Optional;

/** Computes with kernels in C, where their library was built and can be loaded. */
public final class NativeProvider implements KernelProvider {
    @Override
    public String name() {
        return "native";
    }

    @Override
    public int preference() {
        return 30;
    }

    @Override
    public Optional<String> unavailable() {
        return NativeLibrary.unavailable();
    }

    @Override
    public NetworkKernel compile(Network network, StateLayout layout, KernelOptions options) {
        return new NativeKernel(network, layout);
    }
}
