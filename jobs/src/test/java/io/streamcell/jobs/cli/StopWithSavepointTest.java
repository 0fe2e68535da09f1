package io.streamcell.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointException;
import org.apache.flink.runtime.checkpoint.CheckpointFailureReason;
import org.junit.jupiter.api.Test;

/** What is asked of a job when the process is told to end. */
class StopWithSavepointTest {
    @Test
    void aSavepointThatIsDeclinedWhileTasksStartOrEndIsAskedForAgain() {
        Job job =
                new Job(
                        JobStatus.RUNNING,
                        declined(CheckpointFailureReason.NOT_ALL_REQUIRED_TASKS_RUNNING),
                        new CompletionException(
                                declined(
                                        CheckpointFailureReason.CHECKPOINT_DECLINED_TASK_CLOSING)));

        assertThat(stop(job, "file:///saved")).isZero();
        assertThat(job.asked).isEqualTo(3);
        assertThat(job.cancelled).isFalse();
    }

    @Test
    void aSavepointThatFailsForAnotherReasonIsNot() {
        Job job = new Job(JobStatus.RUNNING, declined(CheckpointFailureReason.IO_EXCEPTION));

        assertThat(stop(job, "file:///saved")).isEqualTo(Failures.FAILED);
        assertThat(job.asked).isEqualTo(1);
    }

    @Test
    void aJobThatHasEndedIsLeftAlone() {
        Job job = new Job(JobStatus.FAILED);

        assertThat(stop(job, "file:///saved")).isEqualTo(StopWithSavepoint.ENDED_BEFORE);
        assertThat(job.asked).isZero();
    }

    @Test
    void withoutAFolderTheJobIsCancelled() {
        Job job = new Job(JobStatus.RUNNING);

        assertThat(stop(job, null)).isZero();
        assertThat(job.asked).isZero();
        assertThat(job.cancelled).isTrue();
    }

    private static CheckpointException declined(CheckpointFailureReason reason) {
        return new CheckpointException(reason);
    }

    private static int stop(Job job, String folder) {
        Configuration configuration = new Configuration();
        if (folder != null) {
            configuration.set(CheckpointingOptions.SAVEPOINT_DIRECTORY, folder);
        }
        return new StopWithSavepoint(job, configuration).stop();
    }

    /** A job that declines savepoints for some reasons before it takes one. */
    private static final class Job implements JobClient {
        private final JobStatus status;
        private final Queue<Throwable> failures;
        private int asked;
        private boolean cancelled;

        Job(JobStatus status, Throwable... failures) {
            this.status = status;
            this.failures = new ArrayDeque<>(List.of(failures));
        }

        @Override
        public CompletableFuture<String> stopWithSavepoint(
                boolean drain, String folder, SavepointFormatType format) {
            asked++;
            return failures.isEmpty()
                    ? CompletableFuture.completedFuture(folder + "/savepoint-1")
                    : CompletableFuture.failedFuture(failures.remove());
        }

        @Override
        public CompletableFuture<Void> cancel() {
            cancelled = true;
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<JobStatus> getJobStatus() {
            return CompletableFuture.completedFuture(status);
        }

        @Override
        public JobID getJobID() {
            return new JobID(1, 1);
        }

        @Override
        public CompletableFuture<String> triggerSavepoint(
                String folder, SavepointFormatType format) {
            throw new UnsupportedOperationException("the job is to stop");
        }

        @Override
        public CompletableFuture<Map<String, Object>> getAccumulators() {
            throw new UnsupportedOperationException("nobody asks");
        }

        @Override
        public CompletableFuture<JobExecutionResult> getJobExecutionResult() {
            throw new UnsupportedOperationException("nobody asks");
        }
    }
}
