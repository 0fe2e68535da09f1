package io.streamcell.benchmarks.hostile;

import com.sun.management.GarbageCollectionNotificationInfo;
import io.streamcell.jobs.ScoringJob;
import io.streamcell.jobs.config.JobConfiguration;
import io.streamcell.jobs.config.JobDefaults;
import io.streamcell.operators.ScoringOptions;
import io.streamcell.operators.ServedModel;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The Kafka job in a process of its own, until its input ends; then it says how much of the heap
 * was in use after the fullest collection.
 */
final class HostileJob {
    private HostileJob() {}

    public static void main(String[] arguments) throws Exception {
        AtomicLong live = new AtomicLong();
        watch(live);
        Configuration configuration = JobConfiguration.read(Path.of(arguments[0]));
        JobDefaults.apply(configuration);
        ScoringOptions scoring = ScoringOptions.of(configuration);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
        new ScoringJob(configuration, ServedModel.of(scoring), scoring).build(environment);
        JobClient job = environment.executeAsync("hostile");
        CompletableFuture<?> end =
                job.getJobExecutionResult()
                        .whenComplete(
                                (result, failure) -> {
                                    if (failure != null) {
                                        failure.printStackTrace();
                                        Runtime.getRuntime().halt(1);
                                    }
                                });
        while (System.in.read() >= 0) {
            // The parent says nothing; its end is the end of this stream.
        }
        System.out.println(end.isDone() ? "ended by itself" : String.valueOf(live.get()));
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }

    /** Keeps the most bytes that any collection left. */
    private static void watch(AtomicLong live) {
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            ((NotificationEmitter) collector)
                    .addNotificationListener(
                            (notification, handback) -> {
                                var info =
                                        GarbageCollectionNotificationInfo.from(
                                                (CompositeData) notification.getUserData());
                                Map<String, MemoryUsage> after =
                                        info.getGcInfo().getMemoryUsageAfterGc();
                                long bytes = 0;
                                for (Map.Entry<String, MemoryUsage> pool : after.entrySet()) {
                                    String name = pool.getKey();
                                    if (name.contains("Eden")
                                            || name.contains("Survivor")
                                            || name.contains("Old")) {
                                        bytes += pool.getValue().getUsed();
                                    }
                                }
                                live.accumulateAndGet(bytes, Math::max);
                            },
                            null,
                            null);
        }
    }
}
