package io.streamcell.jobs.demo;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.runtime.checkpoint.CheckpointStatsSnapshot;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A Flink cluster in this process whose TaskManagers can be killed. Owns the cluster. */
public final class FailingCluster implements AutoCloseable {
    private final MiniCluster cluster;
    private JobID job;

    private FailingCluster(MiniCluster cluster) {
        this.cluster = cluster;
    }

    /**
     * Starts TaskManagers of one slot each.
     *
     * @param taskManagers how many
     */
    public static FailingCluster start(Configuration configuration, int taskManagers)
            throws Exception {
        MiniCluster cluster =
                new MiniCluster(
                        new MiniClusterConfiguration.Builder()
                                .setConfiguration(configuration)
                                .setNumTaskManagers(taskManagers)
                                .setNumSlotsPerTaskManager(1)
                                .build());
        cluster.start();
        return new FailingCluster(cluster);
    }

    /** Starts the job of an environment. */
    public void submit(StreamExecutionEnvironment environment, String name)
            throws ExecutionException, InterruptedException {
        var graph = environment.getStreamGraph();
        graph.setJobName(name);
        JobGraph jobGraph = graph.getJobGraph();
        job = cluster.submitJob(jobGraph).get().getJobID();
    }

    /** Kills a TaskManager with all that runs on it, and starts an empty one. */
    public void killTaskManager(int number) throws Exception {
        cluster.terminateTaskManager(number).get();
        cluster.startTaskManager();
    }

    /** Checkpoints that are complete. */
    public long checkpoints() throws ExecutionException, InterruptedException {
        CheckpointStatsSnapshot stats =
                cluster.getArchivedExecutionGraph(job).get().getCheckpointStatsSnapshot();
        return stats == null ? 0 : stats.getCounts().getNumberOfCompletedCheckpoints();
    }

    /** Times that the job was restored from a checkpoint. */
    public long restores() throws ExecutionException, InterruptedException {
        CheckpointStatsSnapshot stats =
                cluster.getArchivedExecutionGraph(job).get().getCheckpointStatsSnapshot();
        return stats == null ? 0 : stats.getCounts().getNumberOfRestoredCheckpoints();
    }

    /**
     * Fails where the job has ended by itself.
     *
     * @throws IllegalStateException with the cause of the job's failure
     */
    public void checkRunning() throws ExecutionException, InterruptedException {
        JobStatus status = cluster.getJobStatus(job).get();
        if (status.isGloballyTerminalState()) {
            var failure = cluster.getArchivedExecutionGraph(job).get().getFailureInfo();
            throw new IllegalStateException(
                    "the job must run until it is stopped, but it is " + status,
                    failure == null ? null : failure.getException());
        }
    }

    /** Cancels the job and waits until it is over. */
    public void cancel() throws ExecutionException, InterruptedException {
        cluster.cancelJob(job).get();
        while (!cluster.getJobStatus(job).get().isGloballyTerminalState()) {
            Thread.sleep(Duration.ofMillis(20).toMillis());
        }
    }

    @Override
    public void close() throws Exception {
        cluster.close();
    }
}
