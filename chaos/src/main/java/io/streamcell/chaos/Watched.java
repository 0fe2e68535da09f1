package io.streamcell.chaos;

import io.streamcell.jobs.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The entry of {@code chaos/watched}: a job on a real cluster scores from a real broker that talks
 * with nobody else, real Prometheus reads what it says of itself, and must raise the alerts of two
 * faults. Exit status: 0; 1 something is not so.
 */
@Command(
        name = "chaos/watched",
        mixinStandardHelpOptions = true,
        description =
                "Scores through TLS and SASL on a real cluster that a real Prometheus watches, and looks "
                        + "for alerts of faults and for secrets where they must not be.")
public final class Watched implements Callable<Integer> {
    private static final String PREFIX = "flink_taskmanager_job_task_operator_streamcell_";
    private static final String REJECTS = "StreamcellRejects";
    private static final String ABSENT = "StreamcellAbsent";
    private static final int EVENTS = 4_000;

    @Option(
            names = "--prometheus",
            defaultValue = "prometheus",
            description = "Its executable file; else the one on the PATH.")
    private String program;

    @Option(
            names = "--work",
            description =
                    "A folder for all files and logs, which stays; else one that stays where something failed.")
    private Path work;

    private final Log log = new Log();
    private final Path home = Path.of(System.getProperty("streamcell.home")).toAbsolutePath();

    public static void main(String[] arguments) {
        String[] some =
                arguments.length == 0 ? new String[] {"--prometheus=prometheus"} : arguments;
        System.exit(Main.execute(new CommandLine(new Watched()), some));
    }

    @Override
    public Integer call() throws Exception {
        Path folder = work == null ? Files.createTempDirectory("streamcell-watched") : work;
        boolean well = false;
        try {
            run(Files.createDirectories(folder).toAbsolutePath());
            well = true;
            return 0;
        } finally {
            if (well && work == null) {
                Chaos.delete(folder);
            } else {
                log.say("files and logs are in %s", folder);
            }
        }
    }

    private void run(Path folder) throws Exception {
        List<Integer> ports = new ArrayList<>();
        while (ports.size() < 3) {
            ports.add(FlinkInstallation.freePort());
        }
        FlinkInstallation flink =
                FlinkInstallation.make(System.getProperty("streamcell.flink"), folder);
        flink.configure(reporter(ports));
        flink.logClients();
        Path alerts = home.resolve("docker/prometheus/alerts.yml");
        try (Prometheus prometheus = Prometheus.start(program, alerts, ports, folder);
                Cluster cluster = Cluster.start(flink)) {
            Credentials credentials = Credentials.make(folder.resolve("credentials"));
            try (Broker broker = Broker.startSecured(folder, credentials)) {
                watch(folder, credentials, broker, cluster, prometheus, ports);
            }
        }
    }

    private void watch(
            Path folder,
            Credentials credentials,
            Broker broker,
            Cluster cluster,
            Prometheus prometheus,
            List<Integer> ports)
            throws Exception {
        broker.awaitReady();
        broker.createTopics(Chaos.topics());
        refuseStrangers(broker, credentials);
        cluster.awaitReady();
        prometheus.awaitReady();
        Path jobFile = jobFile(folder, broker, credentials);
        Path jar = home.resolve("jobs/target/streamcell-jobs.jar");
        String job = cluster.submit(jar, jobFile, null);
        log.say("submitted the job");
        try (Readings readings = new Readings(broker.bootstrapServers(), credentials.client());
                Committed committed =
                        new Committed(broker.bootstrapServers(), credentials.client())) {
            score(readings, committed, prometheus);
            Map<String, String> pages = new TreeMap<>(cluster.rest().clusterPages());
            pages.putAll(cluster.rest().jobPages(job));
            for (int port : ports) {
                pages.put("metrics of port " + port, prometheus.page(port));
            }
            reject(readings, committed, prometheus);
            absent(cluster, prometheus);
            cluster.rest()
                    .jobPages(job)
                    .forEach((path, text) -> pages.put(path + " after the kills", text));
            lookForSecrets(folder, credentials, pages, committed.records());
        }
    }

    private Path jobFile(Path folder, Broker broker, Credentials credentials) throws IOException {
        Map<String, String> more = credentials.options();
        // Checkpoints that are due while tasks are still being deployed count as failed, and
        // several would be a reason for another alert.
        more.put("execution.checkpointing.interval", "5 s");
        Path model = home.resolve("examples/nab/forecaster.keras");
        return new JobFile(model, folder, broker.bootstrapServers(), more).write(2, "hashmap");
    }

    private static Map<String, String> reporter(List<Integer> ports) {
        // A process takes the first that is free.
        String range = String.join(",", ports.stream().map(String::valueOf).toList());
        return Map.of(
                "metrics.reporters", "prom",
                "metrics.reporter.prom.factory.class",
                        "org.apache.flink.metrics.prometheus.PrometheusReporterFactory",
                "metrics.reporter.prom.port", range,
                "metrics.reporter.prom.filterLabelValueCharacters", "false");
    }

    private void refuseStrangers(Broker broker, Credentials credentials)
            throws InterruptedException {
        for (var each : credentials.strangers().entrySet()) {
            Stranger stranger = new Stranger(each.getKey(), each.getValue());
            log.say(
                    "the broker refuses a client with %s: %s",
                    stranger.what(), stranger.refusedBy(broker.bootstrapServers()));
        }
    }

    /** Every event has its score, and Prometheus knows of each timestep. */
    private void score(Readings readings, Committed committed, Prometheus prometheus)
            throws Exception {
        readings.send(EVENTS);
        Waiting.until(
                "a score of each event",
                () -> {
                    committed.read(Duration.ofMillis(200));
                    return committed.count() >= readings.events();
                });
        committed.readToEnd();
        must("scores", readings.events(), committed.records().scoreCount());
        must("rejected records", 0, committed.records().rejectedCount());
        awaitMetric(prometheus, "events", readings.events());
        awaitMetric(prometheus, "timesteps", readings.timesteps());
        must("processes that report", 3, prometheus.query("sum(up)"));
        // Before the first events one was raised, as it should be.
        Waiting.until("an end of " + ABSENT, () -> !prometheus.firing().contains(ABSENT));
        String raised = "count_over_time(ALERTS{alertname=\"%s\"}[1h]) or vector(0)";
        must("times that " + REJECTS + " was near", 0, prometheus.query(raised.formatted(REJECTS)));
        log.say(
                "%,d events, %,d timesteps: as many scores, by Prometheus as many timesteps, no alert of either",
                readings.events(), readings.timesteps());
    }

    private static void awaitMetric(Prometheus prometheus, String metric, int value)
            throws Exception {
        String sum = "sum(" + PREFIX + metric + ")";
        Waiting.until(
                "%s = %d by Prometheus".formatted(sum, value),
                () -> {
                    double found = prometheus.query(sum);
                    if (found > value) {
                        must(sum, value, found);
                    }
                    return found == value;
                });
    }

    private static void must(String what, double wanted, double got) {
        if (wanted != got) {
            throw new IllegalStateException(
                    "%s must be %.0f, got %.0f".formatted(what, wanted, got));
        }
    }

    /** Records that are no events, until the alert is raised that tells of them. */
    private void reject(Readings readings, Committed committed, Prometheus prometheus)
            throws Exception {
        Waiting.until(
                REJECTS,
                () -> {
                    readings.sendRejects(20);
                    committed.read(Duration.ofMillis(400));
                    return prometheus.firing().contains(REJECTS);
                });
        awaitMetric(prometheus, "reason_rejected", readings.rejects());
        Waiting.until(
                "all rejected records",
                () -> {
                    committed.read(Duration.ofMillis(200));
                    return committed.records().rejectedCount() >= readings.rejects();
                });
        must("scores", readings.events(), committed.records().scoreCount());
        must("rejected records", readings.rejects(), committed.records().rejectedCount());
        log.say("%,d records that are no events: %s is raised", readings.rejects(), REJECTS);
    }

    /** Nobody is left who scores. */
    private void absent(Cluster cluster, Prometheus prometheus) throws Exception {
        cluster.killTaskManager(0);
        cluster.killTaskManager(1);
        Waiting.until(ABSENT, () -> prometheus.firing().contains(ABSENT));
        log.say("both TaskManagers killed: %s is raised", ABSENT);
    }

    /**
     * A password in job.yaml is there, and in what Flink keeps of the job to be able to restore it;
     * one in a file of secrets is there alone. No log, page, score or topic has either.
     */
    private void lookForSecrets(
            Path folder, Credentials credentials, Map<String, String> pages, Records records)
            throws IOException {
        Canary written = new Canary(credentials.password());
        Canary read = new Canary(credentials.truststorePassword());
        List<byte[]> values = new ArrayList<>();
        records.scores().values().forEach(values::addAll);
        records.rejected().values().forEach(values::addAll);
        Set<String> files = new TreeSet<>(written.in(folder));
        if (!files.remove("job.yaml")) {
            throw new IllegalStateException("the search must find the password in job.yaml");
        }
        files.removeIf(file -> file.startsWith("ha/"));
        Set<String> secrets = new TreeSet<>(read.in(folder));
        if (!secrets.remove("credentials/secrets.properties")) {
            throw new IllegalStateException("the search must find the password in its file");
        }
        Set<String> found = new TreeSet<>(files);
        found.addAll(secrets);
        found.addAll(written.in(pages));
        found.addAll(read.in(pages));
        if (written.in(values) || read.in(values)) {
            found.add("a record");
        }
        if (!found.isEmpty()) {
            throw new IllegalStateException("no password must be in " + String.join(", ", found));
        }
        log.say(
                "no password is in any log, in %d pages of Flink's and its metrics, in %,d records, in checkpoints",
                pages.size(), values.size());
    }
}
