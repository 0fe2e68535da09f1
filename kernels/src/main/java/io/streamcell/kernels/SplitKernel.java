package io.streamcell.kernels;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Splits large batches over threads, the caller's among them. Each has a kernel of its own; since a
 * row's bits depend on that row alone, they are the same whatever the split. Owns the kernels and
 * the threads.
 */
final class SplitKernel implements NetworkKernel {
    /** Timesteps below which another thread costs more than it brings. */
    private static final int LEAST_TIMESTEPS = 64;

    private final List<NetworkKernel> kernels;
    private final ExecutorService threads;
    private final BitSet seen = new BitSet();

    /**
     * @param kernels of one network, at least two, one for each thread; closed with this one
     */
    SplitKernel(List<NetworkKernel> kernels) {
        this.kernels = List.copyOf(kernels);
        this.threads =
                Executors.newFixedThreadPool(
                        kernels.size() - 1,
                        task -> {
                            Thread thread = new Thread(task, "streamcell-kernel");
                            thread.setDaemon(true);
                            return thread;
                        });
    }

    @Override
    public StateSlab newSlab(int slots) {
        return kernels.get(0).newSlab(slots);
    }

    @Override
    public void advance(StateSlab slab, Batch batch, int from, int to) {
        batch.checkSlots(seen, slab.slots(), from, to);
        int parts = Math.min(kernels.size(), batch.allTimesteps(from, to) / LEAST_TIMESTEPS);
        List<Future<?>> others = new ArrayList<>();
        int at = from;
        for (int part = 1; part < parts; part++) {
            int end = batch.rowAt(from, to, (float) part / parts);
            int start = at;
            NetworkKernel kernel = kernels.get(part);
            others.add(threads.submit(() -> advance(kernel, slab, batch, start, end)));
            at = end;
        }
        RuntimeException failure = null;
        try {
            kernels.get(0).advance(slab, batch, at, to);
        } catch (RuntimeException e) {
            failure = e;
        }
        for (Future<?> other : others) {
            failure = first(failure, other);
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static void advance(
            NetworkKernel kernel, StateSlab slab, Batch batch, int from, int to) {
        FloatEnvironment.check();
        kernel.advance(slab, batch, from, to);
    }

    /** Waits for a part, uninterruptibly: nobody may touch the batch while it is computed. */
    private static RuntimeException first(RuntimeException failure, Future<?> part) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    part.get();
                    return failure;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    return failure != null
                            ? failure
                            : new KernelException("a part of a batch failed", e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void close() {
        threads.shutdown();
        kernels.forEach(NetworkKernel::close);
    }
}
