package io.streamcell.operators;

import io.streamcell.kernels.KernelOptions;
import io.streamcell.kernels.KernelProvider;
import io.streamcell.kernels.NetworkKernel;
import io.streamcell.kernels.reference.ReferenceProvider;
import io.streamcell.models.Network;
import io.streamcell.models.StateLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;

/** The reference kernel as if on a device: it computes when it is waited for. */
public final class DeferringProvider implements KernelProvider {
    static final String NAME = "deferring";

    /** What the kernels do that are compiled by a thread; a test may put its own here. */
    static final ThreadLocal<Device> DEVICE = ThreadLocal.withInitial(Device::new);

    /** How the device behaves, and what it was asked for. */
    static final class Device {
        /** "begin", "await" and "close", as they came; an await of nothing is not told. */
        final List<String> calls = new ArrayList<>();

        /** How often in turn a batch that was begun is found to be underway. */
        IntSupplier checks = () -> Integer.MAX_VALUE;

        /** Thrown by the next await, if it is not null. */
        RuntimeException failure;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int preference() {
        return Integer.MIN_VALUE;
    }

    @Override
    public Optional<String> unavailable() {
        return Optional.empty();
    }

    @Override
    public boolean wholeNetworks() {
        return true;
    }

    @Override
    public NetworkKernel compile(Network network, StateLayout layout, KernelOptions options) {
        NetworkKernel reference = new ReferenceProvider().compile(network, layout, options);
        return new DeferringKernel(reference, DEVICE.get());
    }
}
