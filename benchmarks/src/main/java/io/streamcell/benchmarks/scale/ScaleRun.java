package io.streamcell.benchmarks.scale;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamcell.benchmarks.ChildJvm;
import io.streamcell.jobs.config.JobDefaults;
import io.streamcell.operators.Incoming;
import io.streamcell.operators.ScoringOptions;
import io.streamcell.operators.ServedModel;
import io.streamcell.operators.Streamcell;
import io.streamcell.operators.ValueTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * One number of streams: sweeps over them, between which the job is saved, restored and rescaled.
 * The scores of all of it must be those of a job that nothing happened to.
 */
final class ScaleRun {
    private static final int SWEEPS = 4;

    private final int streams;
    private final Path folder;
    private final ServedModel model;
    private final ScoringOptions scoring;
    private final Configuration configuration = new Configuration();

    private ScaleRun(int streams, Path model, Path folder, String managed) throws IOException {
        this.streams = streams;
        this.folder = folder;
        this.scoring = ScoringOptions.forModel(model.toString());
        this.model = ServedModel.of(scoring);
        configuration.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        configuration.setString(
                "state.backend.rocksdb.localdir", folder.resolve("backend").toString());
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                folder.resolve("checkpoints").toUri().toString());
        // By hand alone.
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofDays(1));
        configuration.set(CheckpointingOptions.CHECKPOINTING_TIMEOUT, Duration.ofHours(1));
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.parse(managed));
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        configuration.set(RestOptions.BIND_PORT, "0");
        JobDefaults.apply(configuration);
    }

    /** In a process of its own: streams, model, folder, managed memory; prints the figures. */
    public static void main(String[] arguments) {
        try {
            ScaleRun run =
                    new ScaleRun(
                            Integer.parseInt(arguments[0]),
                            Path.of(arguments[1]),
                            Path.of(arguments[2]),
                            arguments[3]);
            System.out.println(new ObjectMapper().writeValueAsString(run.measure()));
        } catch (Exception e) {
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
        Runtime.getRuntime().halt(0);
    }

    private ScaleFigures measure() throws Exception {
        long[] expected = Undisturbed.digests(model.network(), streams, SWEEPS);
        try (MiniCluster cluster =
                new MiniCluster(
                        new MiniClusterConfiguration.Builder()
                                .setConfiguration(configuration)
                                .setNumTaskManagers(1)
                                .setNumSlotsPerTaskManager(2)
                                .build())) {
            cluster.start();
            ScaleFigures figures = measure(cluster);
            Scores.check(streams, expected);
            return figures;
        }
    }

    private ScaleFigures measure(MiniCluster cluster) throws Exception {
        ScaleJob job = ScaleJob.start(cluster, environment(2, null));
        job.settle();
        double firstRate = sweep(job, 1, false);
        ScaleJob.Saved full = job.checkpoint();
        long backendBytes = bytes(folder.resolve("backend"));
        double coldRate = sweep(job, 2, false);
        job.checkpoint();
        sweep(job, 2, true);
        ScaleJob.Saved tenth = job.checkpoint();
        job.cancel();

        Started restored = start(cluster, 2, tenth.path());
        sweep(restored.job, 3, false);
        ScaleJob.Saved savepoint = restored.job.stop(folder.resolve("savepoints").toString());
        Started one = start(cluster, 1, savepoint.path());
        sweep(one.job, 3, true);
        String second = one.job.stop(folder.resolve("savepoints").toString()).path();
        Started two = start(cluster, 2, second);
        sweep(two.job, SWEEPS, false);
        two.job.cancel();
        return new ScaleFigures(
                streams,
                firstRate,
                coldRate,
                backendBytes,
                full,
                tenth,
                restored.seconds,
                savepoint,
                one.seconds,
                two.seconds,
                ChildJvm.peakResident(ProcessHandle.current().pid()));
    }

    private record Started(ScaleJob job, double seconds) {}

    private Started start(MiniCluster cluster, int parallelism, String from) throws Exception {
        long began = System.nanoTime();
        ScaleJob job = ScaleJob.start(cluster, environment(parallelism, from));
        double seconds = (System.nanoTime() - began) / 1e9;
        job.settle();
        return new Started(job, seconds);
    }

    /** Lets the source go on, and waits for the scores; timesteps a second. */
    private double sweep(ScaleJob job, int whole, boolean andATenth) throws Exception {
        long before = Scores.count();
        long began = System.nanoTime();
        Sweeps.allow(whole, andATenth);
        long wanted = 0;
        for (int k = 0; k < SweepSplit.COUNT; k++) {
            wanted += Sweeps.allowed(new SweepSplit(k, 0).streams(streams));
        }
        job.awaitScores(wanted);
        return (wanted - before) / ((System.nanoTime() - began) / 1e9);
    }

    private StreamExecutionEnvironment environment(int parallelism, String from) {
        Configuration started = new Configuration(configuration);
        if (from != null) {
            started.set(StateRecoveryOptions.SAVEPOINT_PATH, from);
            // So that its files are used on, and go when they are not needed any longer.
            started.set(StateRecoveryOptions.RESTORE_MODE, RecoveryClaimMode.CLAIM);
        }
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment(started);
        environment.setParallelism(parallelism);
        var events =
                environment
                        .fromSource(
                                new SweepSource(streams),
                                WatermarkStrategy.<Incoming>noWatermarks(),
                                "events",
                                ValueTypes.INCOMING)
                        .uid("streamcell-events");
        Streamcell.scoreChecked(events, model, scoring)
                .records()
                .filter(new Scores())
                .uid("scores")
                .sinkTo(new DiscardingSink<>())
                .uid("end");
        return environment;
    }

    private static long bytes(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
