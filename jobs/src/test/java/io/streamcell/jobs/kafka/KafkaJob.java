package io.streamcell.jobs.kafka;

import io.streamcell.jobs.ScoringJob;
import io.streamcell.jobs.config.JobDefaults;
import io.streamcell.operators.ScoringOptions;
import io.streamcell.operators.ServedModel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The Kafka job, two subtasks, on a cluster in this process. */
record KafkaJob(JobClient running, Path folder) {
    private static final Duration OFTEN = Duration.ofMillis(200);

    /**
     * Starts it.
     *
     * @param options of the job
     * @param from the savepoint that it goes on from, or null
     */
    static KafkaJob start(Map<String, String> options, Path folder, String from) throws Exception {
        Configuration configuration = Configuration.fromMap(options);
        configuration.set(CoreOptions.DEFAULT_PARALLELISM, 2);
        configuration.set(TaskManagerOptions.NUM_TASK_SLOTS, 2);
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(64));
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, OFTEN);
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                folder.resolve("checkpoints").toUri().toString());
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        configuration.set(RestOptions.BIND_PORT, "0");
        if (from != null) {
            configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, from);
        }
        JobDefaults.apply(configuration);
        ScoringOptions scoring = ScoringOptions.of(configuration);
        ScoringJob job = new ScoringJob(configuration, ServedModel.of(scoring), scoring);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(configuration);
        job.build(environment);
        return new KafkaJob(environment.executeAsync(job.name()), folder);
    }

    /** Stops it with a savepoint. */
    String stop() throws Exception {
        String savepoints = folder.resolve("savepoints").toUri().toString();
        return running.stopWithSavepoint(false, savepoints, SavepointFormatType.NATIVE).get();
    }

    /** Fails where it does not run any longer. */
    void checkRunning() throws Exception {
        if (running.getJobExecutionResult().isDone()) {
            running.getJobExecutionResult().get();
        }
    }
}
