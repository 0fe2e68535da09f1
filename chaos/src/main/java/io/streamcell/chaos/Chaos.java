package io.streamcell.chaos;

import io.streamcell.jobs.cli.Main;
import io.streamcell.jobs.config.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The entry of {@code chaos/run}: scores a feed twice, once undisturbed and once through processes
 * that are killed, and compares every bit. Exit status: 0; 1 something is lost, doubled or
 * different, or the run failed.
 */
@Command(
        name = "chaos/run",
        mixinStandardHelpOptions = true,
        description =
                "Kills and restores a real broker and a real Flink cluster while the job scores, "
                        + "and compares every bit with an undisturbed run.")
public final class Chaos implements Callable<Integer> {
    @Option(names = "--short", description = "Three faults in a minute and a half.")
    private boolean brief;

    @Option(names = "--timesteps", description = "How many are scored at least.")
    private Long timesteps;

    @Option(names = "--minutes", description = "How long they are sent for at least.")
    private Double minutes;

    @Option(names = "--seed", defaultValue = "1", description = "Of everything random.")
    private long seed;

    @Option(
            names = "--provider",
            description =
                    "What the job computes with, such as cuda; the undisturbed run is then scored by the reference.")
    private String provider;

    @Option(
            names = "--work",
            description =
                    "A folder for all files and logs, which stays; else one that stays where something failed.")
    private Path work;

    private final Log log = new Log();
    private final Path home = Path.of(System.getProperty("streamcell.home")).toAbsolutePath();

    public static void main(String[] arguments) {
        System.exit(Main.execute(new CommandLine(new Chaos()), noArguments(arguments)));
    }

    /** Called without any, it runs the long form. */
    private static String[] noArguments(String[] arguments) {
        return arguments.length == 0 ? new String[] {"--seed", "1"} : arguments;
    }

    @Override
    public Integer call() throws Exception {
        Path folder = work == null ? Files.createTempDirectory("streamcell-chaos") : work;
        boolean same = false;
        try {
            same = run(Files.createDirectories(folder).toAbsolutePath());
            return same ? 0 : 1;
        } finally {
            if (same && work == null) {
                delete(folder);
            } else {
                log.say("files and logs are in %s", folder);
            }
        }
    }

    private boolean run(Path folder) throws Exception {
        List<Fault> faults = brief ? Fault.few() : Fault.many();
        long wanted = timesteps != null ? timesteps : brief ? 60_000 : 2_000_000;
        double seconds = 60 * (minutes != null ? minutes : brief ? 0.5 : 13);
        FeedSize size = new FeedSize(wanted, brief ? 300 : 3_000, seed);
        Path model = home.resolve("examples/nab/forecaster.keras");
        Path jar = home.resolve("jobs/target/streamcell-jobs.jar");
        FlinkInstallation flink =
                "cuda".equals(provider)
                        ? withCuda(jar, folder)
                        : FlinkInstallation.make(System.getProperty("streamcell.flink"), folder);
        try (Broker broker = Broker.start(folder);
                Cluster cluster = Cluster.start(flink)) {
            log.say("scoring %,d timesteps of %,d streams, undisturbed", wanted, size.streams());
            Records expected =
                    UndisturbedScores.of(
                            size,
                            folder.resolve("undisturbed"),
                            JobFile.scoringOptions(model, computedBy("reference")));
            log.say(
                    "%,d scores and states, %,d rejected",
                    expected.scoreCount(), expected.rejectedCount());
            broker.awaitReady();
            broker.createTopics(topics());
            cluster.awaitReady();
            Feeder.announce(broker.bootstrapServers(), size);
            JobFile jobFile =
                    new JobFile(model, folder, broker.bootstrapServers(), computedBy(provider));
            Feeder feeder = new Feeder(broker.bootstrapServers(), size, wanted / seconds);
            ExecutorService sender = Executors.newSingleThreadExecutor();
            try (Committed committed = new Committed(broker.bootstrapServers())) {
                Storm storm = new Storm(broker, cluster, committed, jar, jobFile, seed, log);
                storm.begin();
                Future<Long> feeding = sender.submit(feeder);
                int all = expected.scoreCount() + expected.rejectedCount();
                storm.rage(faults, feeder, feeding, size, all);
                try (var events =
                        Committed.consumer(broker.bootstrapServers(), List.of(Topics.EVENTS))) {
                    FeedOnTopic.check(events, size);
                }
                return judge(expected, committed.records(), storm.tally(), feeder, feeding.get());
            } finally {
                sender.shutdownNow();
            }
        }
    }

    /** The option that names what computes; none where no provider was asked for. */
    private Map<String, String> computedBy(String name) {
        return provider == null ? Map.of() : Map.of("kernel.provider", name);
    }

    /**
     * A Flink with the job's jar and that of the CUDA kernels among its own, since a native library
     * belongs to one class loader.
     */
    private FlinkInstallation withCuda(Path jar, Path folder) throws IOException {
        Path cuda = home.resolve("kernels-cuda/target/streamcell-kernels-cuda.jar");
        if (!Files.isRegularFile(cuda)) {
            throw new ConfigurationException(
                    "the CUDA kernels must be built (mvn package -pl kernels-cuda -am), found no "
                            + cuda);
        }
        String classPath = System.getProperty("streamcell.flink") + ":" + jar + ":" + cuda;
        FlinkInstallation flink = FlinkInstallation.make(classPath, folder);
        flink.configure(Map.of("classloader.resolve-order", "parent-first"));
        return flink;
    }

    /** How many partitions each topic has. */
    static Map<String, Integer> topics() {
        Map<String, Integer> topics = new LinkedHashMap<>();
        topics.put(Topics.EVENTS, 6);
        topics.put(Topics.CONTROL, 1);
        topics.put(Topics.SCORES, 4);
        topics.put(Topics.REJECTED, 1);
        return topics;
    }

    private boolean judge(
            Records expected, Records found, Tally tally, Feeder feeder, long events) {
        Verdict verdict = Verdict.of(expected, found);
        boolean sees = !verdict.same() || Verdict.wouldSee(expected, found);
        log.row("", "");
        log.row("versions", "%s", Versions.all());
        log.row("sent", "%,d timesteps in %,d events", feeder.timesteps(), events);
        log.row("seconds", "%.0f", log.seconds());
        log.row("kills (-9)", "%s", tally.kills());
        log.row("restores", "%s", tally.restores());
        log.row("kills, restores", "%d", tally.killsAndRestores());
        log.row(
                "scores, states",
                "%,d expected, %,d found",
                expected.scoreCount(),
                found.scoreCount());
        log.row(
                "rejected",
                "%,d expected, %,d found",
                expected.rejectedCount(),
                found.rejectedCount());
        log.row("lost", "%d", verdict.scores().lost() + verdict.rejected().lost());
        log.row("doubled", "%d", verdict.scores().doubled() + verdict.rejected().doubled());
        log.row("different", "%d", verdict.scores().different() + verdict.rejected().different());
        log.row(
                "comparison",
                sees
                        ? "sees one score lost, one doubled, one with another last digit"
                        : "DOES NOT SEE a lost, a doubled or a changed score");
        Verdict.firstDifferences(expected.scores(), found.scores())
                .forEach(line -> log.row("", "%s", line));
        return verdict.same() && sees;
    }

    /** Deletes a folder and all in it. */
    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
