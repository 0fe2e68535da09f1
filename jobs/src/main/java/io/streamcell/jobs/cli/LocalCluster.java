package io.streamcell.jobs.cli;

import java.time.Duration;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.operators.collect.CollectSinkOperatorFactory;

/** What a Flink cluster inside this process is given. */
final class LocalCluster {
    static final int MAX_PARALLELISM = 720;

    /** Streams are fetched so many bytes at a time, which are in memory in several places. */
    private static final MemorySize FETCHED = MemorySize.ofMebiBytes(8);

    private LocalCluster() {}

    /** For the Kafka job: as many slots as it has subtasks. */
    static Configuration running(Configuration configuration) {
        Configuration cluster = new Configuration(configuration);
        int parallelism = cluster.getOptional(CoreOptions.DEFAULT_PARALLELISM).orElse(1);
        cluster.set(CoreOptions.DEFAULT_PARALLELISM, parallelism);
        if (cluster.getOptional(TaskManagerOptions.NUM_TASK_SLOTS).isEmpty()) {
            cluster.set(TaskManagerOptions.NUM_TASK_SLOTS, parallelism);
        }
        if (cluster.getOptional(RestOptions.BIND_PORT).isEmpty()) {
            cluster.set(RestOptions.BIND_PORT, "0");
        }
        return cluster;
    }

    /** For a bounded job: little memory, no restart, quick to start. */
    static Configuration small(int parallelism) {
        Configuration configuration = new Configuration();
        configuration.set(TaskManagerOptions.NUM_TASK_SLOTS, Math.max(1, parallelism));
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(1));
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(16));
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(16));
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        configuration.set(RestOptions.BIND_PORT, "0");
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        configuration.set(PipelineOptions.OBJECT_REUSE, true);
        configuration.set(PipelineOptions.MAX_PARALLELISM, MAX_PARALLELISM);
        configuration.set(PipelineOptions.AUTO_WATERMARK_INTERVAL, Duration.ZERO);
        return configuration;
    }

    /** For a job that goes through savepoints: room to sort in, and for a large stream. */
    static StreamExecutionEnvironment reading() {
        Configuration configuration = small(1);
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(64));
        configuration.set(CollectSinkOperatorFactory.MAX_BATCH_SIZE, FETCHED);
        return StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
    }

    /**
     * For a job that writes a savepoint, whose own types are generic to Flink; what it keeps itself
     * goes to disk.
     */
    static StreamExecutionEnvironment writing() {
        StreamExecutionEnvironment environment = reading();
        environment.configure(
                new Configuration()
                        .set(PipelineOptions.GENERIC_TYPES, true)
                        .set(StateBackendOptions.STATE_BACKEND, "rocksdb"));
        return environment;
    }
}
