package io.streamcell.benchmarks.kernels;

import io.streamcell.kernels.Batch;
import io.streamcell.kernels.KernelException;
import io.streamcell.kernels.KernelOptions;
import io.streamcell.kernels.KernelProvider;
import io.streamcell.kernels.NetworkKernel;
import io.streamcell.kernels.StateSlab;
import io.streamcell.models.Carry;
import io.streamcell.models.StateLayout;
import java.util.Arrays;

/** A provider of ours: the batch lies ready, the states stay in the slab. */
final class Provider implements Library {
    static final String PREFIX = "streamcell-";

    private final KernelProvider provider;

    Provider(KernelProvider provider) {
        this.provider = provider;
    }

    @Override
    public String name() {
        return PREFIX + provider.name();
    }

    @Override
    public boolean computes(Workload workload) {
        return true;
    }

    @Override
    public Subject open(Task task) {
        provider.unavailable()
                .ifPresent(
                        reason -> {
                            throw new KernelException(reason);
                        });
        return new Ready(provider, task);
    }

    private static final class Ready implements Subject {
        private final NetworkKernel kernel;
        private final StateSlab slab;
        private final Batch batch;

        Ready(KernelProvider provider, Task task) {
            Workload workload = task.workload();
            batch = new Batch(task.network().signature(Carry.ALWAYS));
            for (int row = 0; row < workload.rows(); row++) {
                batch.add(row, workload.timesteps());
            }
            System.arraycopy(task.inputs(), 0, batch.input(0), 0, task.inputs().length);
            StateLayout layout = StateLayout.of(task.network(), Carry.ALWAYS);
            kernel = provider.compile(task.network(), layout, KernelOptions.exact());
            slab = kernel.newSlab(workload.rows());
            for (int row = 0; row < workload.rows(); row++) {
                slab.reset(row);
            }
        }

        @Override
        public void advance() {
            kernel.advance(slab, batch);
        }

        @Override
        public float[] outputs() {
            return Arrays.copyOf(batch.output(0), batch.outputStart(0, batch.rows()));
        }

        @Override
        public void close() {
            slab.close();
            kernel.close();
        }
    }
}
