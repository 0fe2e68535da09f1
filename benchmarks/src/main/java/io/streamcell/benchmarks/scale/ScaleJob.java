package io.streamcell.benchmarks.scale;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.stream.StreamSupport;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.CheckpointType;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointException;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStats;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.ExceptionUtils;

/**
 * A job on a cluster in this process, that is saved and started again. Does not own the cluster.
 */
final class ScaleJob {
    private static final Duration OFTEN = Duration.ofMillis(5);

    private final MiniCluster cluster;
    private final JobID job;

    private ScaleJob(MiniCluster cluster, JobID job) {
        this.cluster = cluster;
        this.job = job;
    }

    /**
     * A checkpoint or savepoint.
     *
     * @param bytes of state that it holds
     * @param written bytes that had to be written for it
     */
    record Saved(String path, long bytes, long written, double seconds) {}

    /** What is looked at again and again until it holds. */
    private interface Condition {
        boolean holds() throws Exception;
    }

    /** Starts the job, and returns when every task has its state and runs. */
    static ScaleJob start(MiniCluster cluster, StreamExecutionEnvironment environment)
            throws Exception {
        var graph = environment.getStreamGraph();
        graph.setJobName("scale");
        ScaleJob started =
                new ScaleJob(cluster, cluster.submitJob(graph.getJobGraph()).get().getJobID());
        started.await(started::runs);
        return started;
    }

    private boolean runs() throws Exception {
        AccessExecutionGraph graph = cluster.getExecutionGraph(job).get();
        return graph.getState() == JobStatus.RUNNING
                && StreamSupport.stream(graph.getAllExecutionVertices().spliterator(), false)
                        .map(AccessExecutionVertex::getExecutionState)
                        .allMatch(
                                state ->
                                        state == ExecutionState.RUNNING
                                                || state == ExecutionState.FINISHED);
    }

    /** Waits until so many scores have come. */
    void awaitScores(long count) throws Exception {
        await(() -> Scores.count() >= count);
    }

    private void await(Condition condition) throws Exception {
        while (!condition.holds()) {
            JobStatus status = cluster.getJobStatus(job).get();
            if (status.isGloballyTerminalState()) {
                throw new IllegalStateException(
                        "the job must run, but it is " + status,
                        cluster.getArchivedExecutionGraph(job)
                                .get()
                                .getFailureInfo()
                                .getException());
            }
            Thread.sleep(OFTEN.toMillis());
        }
    }

    /**
     * Lets those tasks end that have no control events to give. They wait for a checkpoint, and
     * those that come upon their end fail.
     */
    void settle() throws Exception {
        checkpoint();
        checkpoint();
    }

    Saved checkpoint() throws Exception {
        long[] id = {0};
        await(
                () -> {
                    try {
                        id[0] = cluster.triggerCheckpoint(job, CheckpointType.CONFIGURED).get();
                        return true;
                    } catch (ExecutionException e) {
                        if (ExceptionUtils.findThrowable(e, CheckpointException.class)
                                .isPresent()) {
                            return false;
                        }
                        throw e;
                    }
                });
        return saved(stats(id[0]));
    }

    private CompletedCheckpointStats stats(long id) throws Exception {
        CompletedCheckpointStats[] found = {null};
        await(
                () -> {
                    var all = cluster.getExecutionGraph(job).get().getCheckpointStatsSnapshot();
                    if (all.getHistory().getCheckpointById(id)
                            instanceof CompletedCheckpointStats completed) {
                        found[0] = completed;
                    }
                    return found[0] != null;
                });
        return found[0];
    }

    private static Saved saved(CompletedCheckpointStats stats) {
        return new Saved(
                stats.getExternalPath(),
                stats.getStateSize(),
                stats.getCheckpointedSize(),
                stats.getEndToEndDuration() / 1e3);
    }

    /** Stops the job with a savepoint. */
    Saved stop(String folder) throws Exception {
        String path =
                cluster.stopWithSavepoint(job, folder, false, SavepointFormatType.NATIVE).get();
        awaitEnd();
        var history =
                cluster.getArchivedExecutionGraph(job)
                        .get()
                        .getCheckpointStatsSnapshot()
                        .getHistory();
        Saved last = saved(history.getLatestSavepoint());
        return new Saved(path, last.bytes, last.written, last.seconds);
    }

    /** Ends it at once; its last checkpoint stays. */
    void cancel() throws Exception {
        cluster.cancelJob(job).get();
        awaitEnd();
    }

    private void awaitEnd() throws Exception {
        while (!cluster.getJobStatus(job).get().isGloballyTerminalState()) {
            Thread.sleep(OFTEN.toMillis());
        }
    }
}
