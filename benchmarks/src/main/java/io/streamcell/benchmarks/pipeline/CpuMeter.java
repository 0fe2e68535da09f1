package io.streamcell.benchmarks.pipeline;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.OptionalDouble;

/**
 * What an event costs this process in CPU time, all its threads together but for the one that
 * measures, between the first commit of scores and the last. Used by one thread.
 */
final class CpuMeter {
    /** Of {@link #microsPerEvent}. */
    static final String UNIT = "µs CPU/event";

    private final OperatingSystemMXBean process =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    private long firstCommitted;
    private long firstNanos;
    private long lastCommitted;
    private long lastNanos;

    /** Notes how many scores are committed; what happens until there are some does not count. */
    void note(long committed) {
        if (committed == lastCommitted) {
            return;
        }
        lastCommitted = committed;
        lastNanos = process.getProcessCpuTime() - threads.getCurrentThreadCpuTime();
        if (firstCommitted == 0) {
            firstCommitted = lastCommitted;
            firstNanos = lastNanos;
        }
    }

    /** Empty where all were committed at once. */
    OptionalDouble microsPerEvent() {
        return lastCommitted == firstCommitted
                ? OptionalDouble.empty()
                : OptionalDouble.of(
                        (lastNanos - firstNanos) / 1e3 / (lastCommitted - firstCommitted));
    }
}
