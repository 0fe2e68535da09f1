package io.streamcell.jobs.config;

import java.time.Duration;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.CheckpointingMode;

/** What makes the default job right, and what must not be combined with it. */
public final class JobDefaults {
    private static final int MAX_PARALLELISM = 720;

    private JobDefaults() {}

    /**
     * Sets what a configuration leaves open.
     *
     * @throws ConfigurationException if it cannot give what it promises
     */
    public static void apply(Configuration configuration) {
        JobConfiguration.checkValues(configuration);
        absent(configuration, CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(10));
        absent(
                configuration,
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        absent(configuration, PipelineOptions.MAX_PARALLELISM, MAX_PARALLELISM);
        absent(configuration, PipelineOptions.GENERIC_TYPES, false);
        absent(configuration, PipelineOptions.OBJECT_REUSE, true);
        // Fixed attempts would burn while a TaskManager is missing.
        absent(configuration, RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
        check(configuration);
    }

    /**
     * Checks that a configuration gives what its options promise.
     *
     * @throws ConfigurationException if it does not
     */
    public static void check(Configuration configuration) {
        if (configuration.get(ExecutionOptions.RUNTIME_MODE) != RuntimeExecutionMode.STREAMING) {
            throw new ConfigurationException(
                    "execution.runtime-mode must be STREAMING, got %s: streams have no end"
                            .formatted(configuration.get(ExecutionOptions.RUNTIME_MODE)));
        }
        boolean exactlyOnce =
                configuration.get(JobOptions.OUTPUT_DELIVERY) == JobOptions.Delivery.EXACTLY_ONCE;
        if (exactlyOnce
                && configuration
                        .getOptional(CheckpointingOptions.CHECKPOINTING_INTERVAL)
                        .isEmpty()) {
            throw new ConfigurationException(
                    "execution.checkpointing.interval must be given with output.delivery=exactly-once: a checkpoint commits the scores");
        }
        if (exactlyOnce
                && configuration.get(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE)
                        != CheckpointingMode.EXACTLY_ONCE) {
            throw new ConfigurationException(
                    "execution.checkpointing.mode must be EXACTLY_ONCE with output.delivery=exactly-once, got "
                            + configuration.get(
                                    CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE));
        }
    }

    private static <T> void absent(Configuration configuration, ConfigOption<T> option, T value) {
        if (configuration.getOptional(option).isEmpty()) {
            configuration.set(option, value);
        }
    }
}
