package io.streamcell.benchmarks.pipeline;

import io.streamcell.jobs.ScoringJob;
import io.streamcell.jobs.config.JobOptions;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A job from topic to topic that runs until it is closed. Owns the job and its cluster. */
final class KafkaRun implements AutoCloseable {
    private final JobClient job;
    private final CompletableFuture<JobExecutionResult> end;

    private KafkaRun(JobClient job) {
        this.job = job;
        this.end = job.getJobExecutionResult();
    }

    /**
     * Starts the scoring job, or the same with another subject in the middle.
     *
     * @param configuration with the topics; further options are set here
     */
    static KafkaRun start(
            Configuration configuration, Broker broker, Subject subject, SavedModel model)
            throws Exception {
        configuration.set(JobOptions.BOOTSTRAP_SERVERS, broker.bootstrapServers());
        subject.configure(configuration);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
        new ScoringJob(configuration, model.served(), model.options())
                .build(environment, incoming -> subject.score(incoming, model));
        return new KafkaRun(environment.executeAsync(subject.title()));
    }

    /**
     * Fails where the job has ended by itself.
     *
     * @throws ExecutionException with the cause
     */
    void checkRunning() throws ExecutionException, InterruptedException {
        if (end.isDone()) {
            end.get();
            throw new IllegalStateException("the job must run until it is cancelled, but it ended");
        }
    }

    @Override
    public void close() throws ExecutionException, InterruptedException {
        if (!end.isDone()) {
            job.cancel().get();
        }
        try {
            end.join();
        } catch (CompletionException | java.util.concurrent.CancellationException e) {
            // A cancelled job has no result; how it went was seen while it ran.
        }
    }
}
