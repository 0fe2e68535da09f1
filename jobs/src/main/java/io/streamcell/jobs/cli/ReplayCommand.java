package io.streamcell.jobs.cli;

import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.jobs.config.JobConfiguration;
import io.streamcell.jobs.config.JobOptions;
import io.streamcell.jobs.replay.Bounds;
import io.streamcell.jobs.replay.ModelHistory;
import io.streamcell.jobs.replay.Repairs;
import io.streamcell.jobs.replay.ReplayOutcome;
import io.streamcell.jobs.replay.ReplayPlan;
import io.streamcell.jobs.replay.ReplayResult;
import io.streamcell.jobs.replay.ReplaySources;
import io.streamcell.jobs.replay.Replaying;
import io.streamcell.jobs.replay.SavepointStart;
import io.streamcell.jobs.replay.ShiftReport;
import io.streamcell.operators.ScoringOptions;
import io.streamcell.operators.ServedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code replay}: scores events again and compares with what was scored. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description =
                "Scores events again and compares with what was scored, bit for bit; exit status 1 if anything differs.")
final class ReplayCommand implements Callable<Integer> {
    private static final String TO_THE_TOPIC = "";

    /** So long chunks may wait for those before them: what did not is recorded. */
    private static final Duration VERY_LONG = Duration.ofDays(1_000_000);

    @Option(
            names = "--model",
            description =
                    "The saved model, else that of the job; if it is not one that scored then, replay reports how scores shift.")
    private String model;

    @Option(
            names = "--other-model",
            paramLabel = "MODEL",
            description = "A model that took over later, where the control topic does not say so.")
    private List<String> otherModels = new ArrayList<>();

    @Option(
            names = "--emit-missing",
            arity = "0..1",
            fallbackValue = TO_THE_TOPIC,
            paramLabel = "FILE",
            description = "Writes scores that are missing to the topic of scores, or to a file.")
    private String emitMissing;

    @Option(
            names = "--report",
            paramLabel = "FILE.html",
            description = "Where the report about another model is written.")
    private Path report = Path.of("shift.html");

    @Option(
            names = "--limit",
            defaultValue = "10",
            description = "How many differences are written at most (default: 10).")
    private long limit;

    @Option(names = "--parallelism", defaultValue = "1", description = "Subtasks that score.")
    private int parallelism;

    @Mixin private ReplayInput input;

    @Mixin private LinesOption output;

    @Override
    public Integer call() throws Exception {
        if (System.getProperty("streamcell.log") == null) {
            System.setProperty("streamcell.log.flink", "off");
        }
        if (parallelism < 1 || limit < 0) {
            throw new ConfigurationException(
                    "--parallelism must be at least 1 and --limit not negative, got %d and %d"
                            .formatted(parallelism, limit));
        }
        ScoringOptions scoring = scoring();
        ServedModel served = ModelLoading.load(scoring);
        SavepointStart savepoint = input.savepoint();
        ReplaySources sources = input.sources(savepoint);
        ModelHistory history = ModelHistory.of(served, scoring, sources, savepoint, otherModels);
        boolean other = model != null && !history.knows(sources.label());
        ReplayPlan plan =
                new ReplayPlan(
                        sources,
                        served,
                        other ? history.forAnother(scoring) : scoring,
                        other ? history.resets() : history.control(),
                        other,
                        input.range().streams(),
                        since(),
                        until(),
                        bounds(sources),
                        limit,
                        Runtime.getRuntime().maxMemory() / 8 / parallelism);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(parallelism, cluster(savepoint));
        Progress.say("scoring again by " + served.label());
        return other ? shift(environment, plan) : verify(environment, plan);
    }

    private int verify(StreamExecutionEnvironment environment, ReplayPlan plan) throws Exception {
        SingleOutputStreamOperator<byte[]> differences = plan.build(environment, repair());
        ReplayOutcome outcome;
        try (LinesOption.Lines lines = output.open()) {
            outcome = Replaying.run(environment, differences, limit, lines::write).outcome();
        }
        System.out.println(outcome.line());
        return outcome.right() ? 0 : Failures.FAILED;
    }

    private int shift(StreamExecutionEnvironment environment, ReplayPlan plan) throws Exception {
        if (emitMissing != null) {
            throw new ConfigurationException(
                    "--emit-missing must be with the model that scored then, got " + model);
        }
        Path page = report.toAbsolutePath().normalize();
        if (!Files.isDirectory(page.getParent()) || Files.isDirectory(page)) {
            throw new ConfigurationException(
                    "--report must be a file in a folder that exists, got " + report);
        }
        ReplayResult result =
                Replaying.run(environment, plan.build(environment, null), limit, line -> {});
        ShiftReport shift =
                new ShiftReport(
                        plan.sources().label().orElse(""),
                        plan.model().label(),
                        result.outcome(),
                        result.shifts());
        shift.write(page);
        System.out.println(shift.line());
        Progress.say("the report is " + report);
        return 0;
    }

    /** Event times, where the range is not by records. */
    private long since() {
        Long since = input.range().since();
        return input.readsTopics() || since == null ? Long.MIN_VALUE : since;
    }

    private long until() {
        Long until = input.range().until();
        return input.readsTopics() || until == null ? Long.MAX_VALUE : until;
    }

    private Bounds bounds(ReplaySources sources) {
        return new Bounds(
                sources.beginsLater()
                        || input.range().since() != null
                        || input.continuesSavepoint(),
                sources.endsEarlier() || input.range().until() != null,
                input.continuesSavepoint());
    }

    private ScoringOptions scoring() {
        Configuration configuration = input.scoring();
        if (model != null) {
            configuration.set(ScoringOptions.MODEL_URI, model);
            if (!input.isGiven(ScoringOptions.MODEL_SHA256)) {
                // That of the job's model, and this may be another.
                configuration.removeConfig(ScoringOptions.MODEL_SHA256);
            }
        }
        ScoringOptions scoring = JobConfiguration.scoring(configuration);
        return scoring.value(ScoringOptions.MAX_WAIT) == null
                ? scoring
                : scoring.with(ScoringOptions.MAX_WAIT, VERY_LONG);
    }

    private Configuration cluster(SavepointStart savepoint) throws IOException {
        Configuration cluster = LocalCluster.small(parallelism);
        cluster.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(64));
        // What is small against the heap may wait there; it takes RocksDB a while to start.
        boolean small = input.bytes() < Runtime.getRuntime().maxMemory() / 8;
        cluster.set(StateBackendOptions.STATE_BACKEND, small ? "hashmap" : "rocksdb");
        if (savepoint != null) {
            cluster.set(StateBackendOptions.STATE_BACKEND, savepoint.savepoint().backend());
            cluster.set(PipelineOptions.MAX_PARALLELISM, savepoint.savepoint().maxParallelism());
            cluster.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint.savepoint().folder());
            cluster.set(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE, true);
            cluster.set(StateRecoveryOptions.RESTORE_MODE, RecoveryClaimMode.NO_CLAIM);
        }
        input.scoring().toMap().forEach(cluster::setString);
        return cluster;
    }

    private ReplayPlan.Repair repair() {
        if (emitMissing == null) {
            return null;
        }
        if (!emitMissing.equals(TO_THE_TOPIC)) {
            Path file = Path.of(emitMissing).toAbsolutePath().normalize();
            if (!Files.isDirectory(file.getParent()) || Files.exists(file)) {
                throw new ConfigurationException(
                        "--emit-missing must be a new file in a folder that exists, got "
                                + emitMissing);
            }
            return Repairs.toFile(file);
        }
        if (!input.readsTopics()) {
            throw new ConfigurationException(
                    "--emit-missing must name a file where there are no topics, got nothing");
        }
        int most = (int) input.job().get(JobOptions.OUTPUT_MAX_BYTES).getBytes();
        return Repairs.toTopic(input.kafka(), input.written(), most);
    }
}
