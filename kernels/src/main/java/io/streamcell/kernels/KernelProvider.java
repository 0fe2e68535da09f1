package io.streamcell.kernels;

import io.streamcell.models.Layer;
import io.streamcell.models.Network;
import io.streamcell.models.StateLayout;
import java.util.List;
import java.util.Optional;

/**
 * One way to compute, found by {@link java.util.ServiceLoader}, and whether it is available here.
 */
public interface KernelProvider {
    /** The name in {@code kernel.provider}. */
    String name();

    /** Which is taken by {@code auto}: the available provider with the greatest. */
    int preference();

    /** Why this provider cannot run here and how it can be made to; empty when it can. */
    Optional<String> unavailable();

    /**
     * Whether it computes cells that users add, {@link io.streamcell.models.CustomCell}; others get
     * networks without them.
     */
    default boolean customCells() {
        return false;
    }

    /** The precisions that it computes in, as {@code kernel.precision} names them. */
    default List<String> precisions() {
        return List.of(KernelOptions.EXACT);
    }

    /**
     * Why it has no kernel for a layer; empty when it has one. Asked only for layers that providers
     * compute, {@link io.streamcell.kernels.graph.Plain}.
     */
    default Optional<String> refusal(Layer layer) {
        return Optional.empty();
    }

    /**
     * Whether it computes networks whole or, unless {@link KernelOptions#fallback} is set, not at
     * all: its states lie where nobody else reaches, and travel to and fro at each call then.
     */
    default boolean wholeNetworks() {
        return false;
    }

    /**
     * Compiles a network: packs its weights and plans its scratch memory. The network may be
     * dropped afterwards.
     *
     * @throws KernelException if the network holds what this provider cannot compute
     */
    NetworkKernel compile(Network network, StateLayout layout, KernelOptions options);
}
