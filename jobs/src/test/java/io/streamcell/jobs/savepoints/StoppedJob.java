package io.streamcell.jobs.savepoints;

import io.streamcell.jobs.config.Checkpoints;
import io.streamcell.jobs.files.EventLines;
import io.streamcell.jobs.files.LineSink;
import io.streamcell.jobs.json.FlatRow;
import io.streamcell.jobs.json.JsonRecordWriter;
import io.streamcell.operators.EventCheck;
import io.streamcell.operators.Incoming;
import io.streamcell.operators.Scored;
import io.streamcell.operators.ScoringOptions;
import io.streamcell.operators.ServedModel;
import io.streamcell.operators.Streamcell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.connector.file.src.FileSource;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A job that scored events without an end, two subtasks, and was stopped with a savepoint, or
 * cancelled after a checkpoint.
 *
 * @param lines what it wrote, scores and states
 */
record StoppedJob(String savepoint, List<String> lines) {
    private static final Duration OFTEN = Duration.ofMillis(100);
    private static final int SUBTASKS = 2;

    /** Which state backend, and in which form it writes the savepoint; null for a checkpoint. */
    record Form(String backend, SavepointFormatType format) {}

    /**
     * Runs a job until it has written a line for each event that is no reset.
     *
     * @param from the savepoint that it goes on from; null to start fresh
     */
    static StoppedJob of(Path work, String model, List<String> events, Form form, String from)
            throws Exception {
        long wanted = events.stream().filter(event -> !event.contains("\"reset\"")).count();
        return of(work, ScoringOptions.forModel(model), events, wanted, form, from);
    }

    /** Runs a job until it has written so many lines. */
    static StoppedJob of(
            Path work,
            ScoringOptions options,
            List<String> events,
            long wanted,
            Form form,
            String from)
            throws Exception {
        Path folder = Files.createTempDirectory(work, "job");
        Path input = Files.createDirectory(folder.resolve("events"));
        Path output = folder.resolve("lines.jsonl");
        Files.write(input.resolve(folder.getFileName() + ".jsonl"), events);
        Configuration configuration = configuration(form, from, folder);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(SUBTASKS, configuration);
        build(environment, options, input, output);
        JobClient job = environment.executeAsync();
        CompletableFuture<?> end = job.getJobExecutionResult();
        await(end, () -> Files.exists(output) && Files.readAllLines(output).size() >= wanted);
        // Flink declines a savepoint while a task ends, as that without control does by then.
        for (int k = 0; k < 3; k++) {
            String last = newest(configuration);
            await(end, () -> !newest(configuration).equals(last));
        }
        return new StoppedJob(stop(job, configuration, form.format()), Files.readAllLines(output));
    }

    private static String stop(JobClient job, Configuration configuration, SavepointFormatType form)
            throws Exception {
        if (form == null) {
            job.cancel().get();
            job.getJobExecutionResult().handle((result, cancelled) -> null).get();
            return newest(configuration);
        }
        String folder = configuration.get(CheckpointingOptions.SAVEPOINT_DIRECTORY);
        return job.stopWithSavepoint(false, folder, form).get();
    }

    private static String newest(Configuration configuration) {
        return Checkpoints.latest(configuration).map(Checkpoints.Completed::folder).orElse("");
    }

    private static void await(Future<?> end, Callable<Boolean> wanted) throws Exception {
        long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        while (!wanted.call()) {
            if (end.isDone()) {
                end.get();
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("the job must get on, found it waiting");
            }
            Thread.sleep(OFTEN.toMillis());
        }
    }

    private static Configuration configuration(Form form, String from, Path folder) {
        Configuration configuration = new Configuration();
        configuration.set(StateBackendOptions.STATE_BACKEND, form.backend());
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(64));
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, OFTEN);
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                folder.resolve("checkpoints").toUri().toString());
        configuration.set(
                CheckpointingOptions.SAVEPOINT_DIRECTORY,
                folder.resolve("savepoints").toUri().toString());
        configuration.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        configuration.set(PipelineOptions.MAX_PARALLELISM, 720);
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        configuration.set(RestOptions.BIND_PORT, "0");
        if (from != null) {
            configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, from);
        }
        return configuration;
    }

    private static void build(
            StreamExecutionEnvironment environment, ScoringOptions options, Path input, Path output)
            throws Exception {
        ServedModel model = ServedModel.of(options);
        EventCheck check = EventCheck.of(model, options.value(ScoringOptions.MODEL_CARRY));
        FileSource<Incoming> source =
                FileSource.forRecordStreamFormat(
                                new EventLines("events", check, FlatRow.NONE),
                                org.apache.flink.core.fs.Path.fromLocalFile(input.toFile()))
                        .monitorContinuously(OFTEN)
                        .build();
        Scored scored =
                Streamcell.scoreChecked(
                        environment
                                .fromSource(
                                        source,
                                        WatermarkStrategy.<Incoming>noWatermarks()
                                                .withTimestampAssigner(
                                                        (incoming, none) ->
                                                                incoming.event().timed()
                                                                        ? incoming.event()
                                                                                .lastTime()
                                                                        : none),
                                        "events")
                                .uid("events")
                                .setParallelism(1),
                        model,
                        options);
        scored.records()
                .map(record -> new JsonRecordWriter().write(record))
                .returns(PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO)
                .uid("to-lines")
                .sinkTo(new LineSink(output))
                .uid("lines")
                .setParallelism(1);
    }
}
