package io.streamcell.jobs.cli;

import io.streamcell.jobs.ScoringJob;
import io.streamcell.jobs.config.Checkpoints;
import io.streamcell.jobs.config.JobConfiguration;
import io.streamcell.jobs.config.JobDefaults;
import io.streamcell.jobs.kafka.KafkaConnections;
import io.streamcell.jobs.savepoints.Savepoint;
import io.streamcell.operators.ScoringOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code run}: the Kafka job on a cluster in this process. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Runs the Kafka job on a local cluster until it is stopped.")
final class RunCommand implements Callable<Integer> {
    private static final String LATEST = "latest";

    @Option(names = "--config", required = true, description = "The job's options, job.yaml.")
    private Path config;

    @Option(
            names = "--from",
            description =
                    "A checkpoint or savepoint to go on from, or latest for the job's newest.")
    private String from;

    @Option(names = "-D", description = "An option, key=value; wins over the file.")
    private Map<String, String> options = new LinkedHashMap<>();

    @Override
    public Integer call() throws Exception {
        Configuration configuration = JobConfiguration.read(config);
        JobConfiguration.override(configuration, options);
        JobDefaults.apply(configuration);
        if (from != null) {
            restore(configuration);
        }
        ScoringOptions scoring = JobConfiguration.scoring(configuration);
        ScoringJob job = new ScoringJob(configuration, ModelLoading.load(scoring), scoring);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(
                        LocalCluster.running(configuration));
        job.build(environment);
        JobClient running = environment.executeAsync(job.name());
        StopWithSavepoint stop = StopWithSavepoint.onSignal(running, configuration);
        try {
            running.getJobExecutionResult().get();
        } catch (ExecutionException e) {
            // A job that is being stopped ends in several ways; the hook says which.
            if (!stop.begun()) {
                throw e;
            }
        }
        return 0;
    }

    /** The checkpoint is read and never claimed: it stays whoever's it was. */
    private void restore(Configuration configuration) throws IOException {
        Optional<Checkpoints.Completed> checkpoint =
                from.equals(LATEST)
                        ? Checkpoints.latest(configuration)
                        : Optional.of(Checkpoints.at("--from", from));
        if (checkpoint.isEmpty()) {
            Failures.say("there is no checkpoint yet; starting fresh");
            return;
        }
        if (!Savepoint.isOfStreamsAlone(checkpoint.get().folder())) {
            Checkpoints.checkAge(
                    checkpoint.get(),
                    KafkaConnections.transactionTimeout(configuration),
                    configuration,
                    Instant.now());
        }
        Failures.say("going on from " + checkpoint.get().folder());
        configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, checkpoint.get().folder());
        configuration.set(StateRecoveryOptions.RESTORE_MODE, RecoveryClaimMode.NO_CLAIM);
    }
}
