package io.streamcell.jobs.demo;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.apache.kafka.common.utils.AppInfoParser;

/** Runs the demo and writes what came of it. */
public final class DemoReport {
    private final Path example;

    /**
     * @param example the folder examples/nab
     */
    public DemoReport(Path example) {
        this.example = example;
    }

    /**
     * Runs the demo, writes the report and prints the totals; whether the two runs were the same.
     */
    public boolean run(Demo demo, Path file) throws Exception {
        List<Series> all = new ArrayList<>(Series.all(example));
        all.sort(Comparator.comparing((Series series) -> !series.name().startsWith("realKnown")));
        Demo.Result result = demo.run(all);
        Report report = new Report("58 real series, one LSTM, a failure in the middle");
        Comparison same = result.comparison();
        String verdict =
                "%,d scores came out of Kafka, read committed: %d lost, %d doubled, %d different from the undisturbed run, byte for byte."
                        .formatted(same.records(), same.lost(), same.doubled(), same.different());
        report.verdict(
                "Every row was scored by Flink through Kafka; a TaskManager was killed while it ran. "
                        + verdict);
        facts(report, result, all.size());
        int[] horizons = Series.horizons(example);
        for (Series series : all) {
            report.series(series, result.scores().getOrDefault(series.name(), List.of()), horizons);
        }
        report.write(file);
        System.out.println();
        System.out.println(verdict);
        System.out.printf(
                "%,d timesteps of %d series in %.1f s; median latency %,d ms, 99th percentile %,d ms; %d checkpoints, %d restore%n",
                result.timesteps(),
                all.size(),
                result.seconds(),
                percentile(result.latencies(), 0.5),
                percentile(result.latencies(), 0.99),
                result.checkpoints(),
                result.restores());
        return same.same() && result.restores() > 0;
    }

    private static void facts(Report report, Demo.Result result, int series) {
        report.fact(
                "Streams",
                "%,d".formatted(series),
                "one per series, its state carried from chunk to chunk");
        report.fact(
                "Timesteps",
                "%,d".formatted(result.timesteps()),
                "in %,d chunks and resets".formatted(result.events()));
        report.fact(
                "Timesteps a second",
                "%,.0f".formatted(result.timesteps() / result.seconds()),
                "sent at 25,000 a second; the failure is part of the time");
        report.fact(
                "Median latency",
                "%,d ms".formatted(percentile(result.latencies(), 0.5)),
                "from sending a chunk to reading its committed score; a score is committed with the next checkpoint, one a second");
        report.fact(
                "99th percentile",
                "%,d ms".formatted(percentile(result.latencies(), 0.99)),
                "chunks sent around the failure among them");
        report.fact("Checkpoints", "%,d".formatted(result.checkpoints()), "completed");
        report.fact(
                "The failure",
                "%.1f s".formatted(result.killedAtSecond()),
                "after the start a TaskManager was killed; the job restored its last checkpoint (%d) and scores came again %.1f s later"
                        .formatted(result.restores(), result.recoverySeconds()));
        Comparison same = result.comparison();
        report.fact(
                "Lost / doubled / different",
                "%d / %d / %d".formatted(same.lost(), same.doubled(), same.different()),
                "of %,d scores, against an undisturbed run".formatted(same.records()));
        report.fact("Model", result.model(), "fingerprint, precision, version of the arithmetic");
        report.fact(
                "Ran on",
                "Java " + System.getProperty("java.version"),
                "Flink %s, Kafka %s, %s, %d processors"
                        .formatted(
                                EnvironmentInformation.getVersion(),
                                AppInfoParser.getVersion(),
                                System.getProperty("os.arch"),
                                Runtime.getRuntime().availableProcessors()));
    }

    private static long percentile(long[] sorted, double share) {
        return sorted.length == 0
                ? 0
                : sorted[(int) Math.min(sorted.length - 1, share * sorted.length)];
    }
}
