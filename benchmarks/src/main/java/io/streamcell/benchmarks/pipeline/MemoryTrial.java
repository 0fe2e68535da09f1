package io.streamcell.benchmarks.pipeline;

import io.streamcell.jobs.config.JobDefaults;
import io.streamcell.operators.Incoming;
import io.streamcell.operators.ValueTypes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * Events that lie decoded in memory, scored and counted: what the operator costs, with Flink's own
 * way from task to task and checkpoints, and without Kafka and formats.
 *
 * @param label the case, where that is not only the workload
 * @param records how many events
 * @param sampleEnd the scores before it are compared; within the records of every subject
 * @param agreement of this case
 */
record MemoryTrial(
        String label,
        Workload workload,
        Subject subject,
        SavedModel model,
        int parallelism,
        long records,
        long sampleEnd,
        Agreement agreement,
        Path folder)
        implements Trial {
    private static final int SAMPLE = 1024;

    @Override
    public String name() {
        return label + " " + title();
    }

    private String title() {
        return parallelism == 1 ? subject.title() : subject.title() + " parallelism=" + parallelism;
    }

    @Override
    public List<Figure> run() throws Exception {
        Configuration configuration = configuration(parallelism, folder);
        subject.configure(configuration);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(parallelism, configuration);
        var incoming =
                environment
                        .fromSequence(0, records - 1)
                        .map(new Source(workload))
                        .returns(ValueTypes.INCOMING);
        subject.score(incoming, model)
                .records()
                .process(new Tally(records / parallelism / 4, sampleEnd, SAMPLE))
                .returns(Types.VOID)
                .sinkTo(new DiscardingSink<>());
        Tally.Result result = Tally.Result.of(environment.execute(name()));
        if (result.records() != records) {
            throw new IllegalStateException(
                    "%s: each of %d events must be scored once, got %d scores"
                            .formatted(name(), records, result.records()));
        }
        if (parallelism == 1) {
            agreement.check(name(), Map.of("the sample", result.sample()));
        }
        double rate = result.steadyRecords() * workload.timesteps() / result.seconds();
        return List.of(new Figure(label, title(), "timesteps/s", rate));
    }

    /** The default job's, but for what a short run needs: a checkpoint every second. */
    static Configuration configuration(int parallelism, Path folder) {
        Configuration configuration = new Configuration();
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(1));
        configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, folder.toUri().toString());
        configuration.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.DELETE_ON_CANCELLATION);
        configuration.set(TaskManagerOptions.NUM_TASK_SLOTS, parallelism);
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(512));
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        configuration.set(RestOptions.BIND_PORT, "0");
        JobDefaults.apply(configuration);
        return configuration;
    }

    /** Makes events of their numbers. */
    private static final class Source extends RichMapFunction<Long, Incoming> {
        private static final long serialVersionUID = 1;

        private final Workload workload;
        private transient Events events;

        Source(Workload workload) {
            this.workload = workload;
        }

        @Override
        public void open(OpenContext context) {
            events = new Events(workload);
        }

        @Override
        public Incoming map(Long index) {
            return Incoming.of(events.event(index));
        }
    }
}
