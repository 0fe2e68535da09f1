package io.streamcell.kernels;

import com.sun.management.ThreadMXBean;
import io.streamcell.models.Network;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What kernels take from the heap. */
public final class Allocation {
    private Allocation() {}

    /** How many bytes a batch of {@code rows} allocates once all is warm, or after 30 seconds. */
    public static long perBatch(KernelProvider provider, Network network, int rows, int longest) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        try (Streams streams = new Streams(provider, network, rows)) {
            Random random = new Random(1);
            List<Streams.Row> batch = new ArrayList<>();
            for (int slot = 0; slot < rows; slot++) {
                batch.add(streams.row(random, slot, longest, 0));
            }
            streams.fill(batch);
            long least = Long.MAX_VALUE;
            int calls = 200;
            // Until the JIT compiler is done, vectors are objects; on a busy machine it takes long.
            long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (least >= calls && System.nanoTime() < end) {
                long before = threads.getThreadAllocatedBytes(thread);
                for (int call = 0; call < calls; call++) {
                    streams.run();
                }
                least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
            }
            return least / calls;
        }
    }
}
