package io.streamcell.operators;

import io.streamcell.kernels.Batch;
import io.streamcell.kernels.HostSlab;
import io.streamcell.kernels.KernelOptions;
import io.streamcell.kernels.KernelProvider;
import io.streamcell.kernels.NetworkKernel;
import io.streamcell.kernels.StateSlab;
import io.streamcell.models.Network;
import io.streamcell.models.StateLayout;
import java.util.Optional;

/** Computes nothing and allocates nothing, so that what is measured is the operator's. */
public class StillProvider implements KernelProvider {
    static final String NAME = "still";

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
    public NetworkKernel compile(Network network, StateLayout layout, KernelOptions options) {
        return new StillKernel(layout);
    }

    /** The same as if on a device, which is never done before it is waited for. */
    public static final class OnDevice extends StillProvider {
        static final String NAME = "still-device";

        @Override
        public String name() {
            return NAME;
        }

        @Override
        public NetworkKernel compile(Network network, StateLayout layout, KernelOptions options) {
            return new StillKernel(layout) {
                private boolean underway;

                @Override
                public void begin(StateSlab slab, Batch batch, int from, int to) {
                    underway = true;
                }

                @Override
                public boolean underway() {
                    return underway;
                }

                @Override
                public void await() {
                    underway = false;
                }
            };
        }
    }

    private static class StillKernel implements NetworkKernel {
        private final StateLayout layout;

        StillKernel(StateLayout layout) {
            this.layout = layout;
        }

        @Override
        public StateSlab newSlab(int slots) {
            return new HostSlab(layout, slots);
        }

        @Override
        public void advance(StateSlab slab, Batch batch, int from, int to) {}

        @Override
        public void close() {}
    }
}
