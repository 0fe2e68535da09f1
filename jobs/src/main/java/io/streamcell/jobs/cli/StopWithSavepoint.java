package io.streamcell.jobs.cli;

import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;

/**
 * What SIGTERM and SIGINT do to a running job: it stops with a savepoint, so that every score up to
 * it is committed and {@code --from latest} goes on behind it. Ends the process with 0, or with 1
 * where that failed; the last checkpoint is there nevertheless.
 */
final class StopWithSavepoint implements Runnable {
    private static final long PATIENCE_SECONDS = 300;

    private final JobClient job;
    private final Configuration configuration;
    private volatile boolean begun;

    private StopWithSavepoint(JobClient job, Configuration configuration) {
        this.job = job;
        this.configuration = configuration;
    }

    /** Will stop the job when the process is told to end. */
    static StopWithSavepoint onSignal(JobClient job, Configuration configuration) {
        StopWithSavepoint stop = new StopWithSavepoint(job, configuration);
        // The JVM takes what is to be done at its end as a thread, and in no other way.
        Runtime.getRuntime().addShutdownHook(new Thread(stop, "stop-with-savepoint"));
        return stop;
    }

    /** Whether the job is being stopped. */
    boolean begun() {
        return begun;
    }

    @Override
    public void run() {
        begun = true;
        Optional<String> folder = folder();
        try {
            JobStatus status = job.getJobStatus().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (status.isGloballyTerminalState()) {
                return;
            }
            if (folder.isEmpty()) {
                Failures.say(
                        "stopping without a savepoint: execution.checkpointing.savepoint-dir or execution.checkpointing.dir must name a folder for it");
                job.cancel().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } else {
                Failures.say("stopping with a savepoint");
                // Native: ForSt has no other, and every backend restores it.
                String savepoint =
                        job.stopWithSavepoint(false, folder.get(), SavepointFormatType.NATIVE)
                                .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
                Failures.say("stopped with savepoint " + savepoint);
            }
            Runtime.getRuntime().halt(0);
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            Failures.report(e);
            Runtime.getRuntime().halt(Failures.FAILED);
        }
    }

    private Optional<String> folder() {
        return configuration
                .getOptional(CheckpointingOptions.SAVEPOINT_DIRECTORY)
                .or(
                        () ->
                                configuration
                                        .getOptional(CheckpointingOptions.CHECKPOINTS_DIRECTORY)
                                        .map(checkpoints -> checkpoints + "/savepoints"));
    }
}
