package io.streamcell.jobs.cli;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointException;
import org.apache.flink.runtime.checkpoint.CheckpointFailureReason;
import org.apache.flink.runtime.dispatcher.UnavailableDispatcherOperationException;

/**
 * What SIGTERM and SIGINT do to a running job: it stops with a savepoint, so that every score up to
 * it is committed and {@code --from latest} goes on behind it. Ends the process with 0, or with 1
 * where that failed; the last checkpoint is there nevertheless.
 */
final class StopWithSavepoint implements Runnable {
    /** The job ended by itself, and its end says how. */
    static final int ENDED_BEFORE = -1;

    private static final long PATIENCE_SECONDS = 300;
    private static final long DECLINED_SECONDS = 30;
    private static final long ASK_AGAIN_MILLIS = 100;

    /** Why Flink declines a savepoint that it takes a little later. */
    private static final Set<CheckpointFailureReason> TRANSIENT =
            EnumSet.of(
                    CheckpointFailureReason.NOT_ALL_REQUIRED_TASKS_RUNNING,
                    CheckpointFailureReason.CHECKPOINT_DECLINED,
                    CheckpointFailureReason.CHECKPOINT_DECLINED_TASK_NOT_READY,
                    CheckpointFailureReason.CHECKPOINT_DECLINED_TASK_CLOSING,
                    CheckpointFailureReason.CHECKPOINT_DECLINED_INPUT_END_OF_STREAM,
                    CheckpointFailureReason.CHECKPOINT_COORDINATOR_SUSPEND);

    private final JobClient job;
    private final Configuration configuration;
    private volatile boolean begun;

    StopWithSavepoint(JobClient job, Configuration configuration) {
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
        int status = stop();
        if (status != ENDED_BEFORE) {
            Runtime.getRuntime().halt(status);
        }
    }

    /** Stops the job; gives the exit status of the process, or {@link #ENDED_BEFORE}. */
    int stop() {
        Optional<String> folder = folder();
        try {
            if (ended()) {
                return ENDED_BEFORE;
            }
            if (folder.isEmpty()) {
                Failures.say(
                        "stopping without a savepoint: execution.checkpointing.savepoint-dir or execution.checkpointing.dir must name a folder for it");
                job.cancel().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } else {
                Failures.say("stopping with a savepoint");
                Failures.say("stopped with savepoint " + savepoint(folder.get()));
            }
            return 0;
        } catch (ExecutionException | TimeoutException | InterruptedException e) {
            return Failures.report(e);
        }
    }

    private boolean ended() throws ExecutionException, InterruptedException, TimeoutException {
        return job.getJobStatus().get(PATIENCE_SECONDS, TimeUnit.SECONDS).isGloballyTerminalState();
    }

    /**
     * Stops with a savepoint; asks again where Flink declines it since a task is starting, or a
     * bounded input is ending beside those that go on.
     */
    private String savepoint(String folder)
            throws ExecutionException, InterruptedException, TimeoutException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DECLINED_SECONDS);
        while (true) {
            try {
                // Native: ForSt has no other, and every backend restores it.
                return job.stopWithSavepoint(false, folder, SavepointFormatType.NATIVE)
                        .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                if (!soonPossible(e) || ended() || System.nanoTime() > end) {
                    throw e;
                }
                Thread.sleep(ASK_AGAIN_MILLIS);
            }
        }
    }

    private static boolean soonPossible(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnavailableDispatcherOperationException
                    || cause instanceof CheckpointException declined
                            && TRANSIENT.contains(declined.getCheckpointFailureReason())) {
                return true;
            }
        }
        return false;
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
