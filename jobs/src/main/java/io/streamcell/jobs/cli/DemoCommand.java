package io.streamcell.jobs.cli;

import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.jobs.demo.Demo;
import io.streamcell.jobs.demo.DemoReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code demo}: real series through Kafka and Flink, with a failure in the middle. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Scores 58 real series through an embedded Kafka and Flink, kills a TaskManager in the middle, "
                        + "checks every bit, and writes a report.")
final class DemoCommand implements Callable<Integer> {
    @Option(
            names = "--report",
            defaultValue = "streamcell-demo.html",
            description = "Where the report is written (${DEFAULT-VALUE}).")
    private Path report;

    @Override
    public Integer call() throws Exception {
        Path example = Path.of(System.getProperty("streamcell.home", ".")).resolve("examples/nab");
        if (!Files.isRegularFile(example.resolve("forecaster.keras"))) {
            throw new ConfigurationException(
                    "the demo needs examples/nab of the project, got nothing at "
                            + example.toAbsolutePath().normalize());
        }
        Path work = Files.createTempDirectory("streamcell-demo");
        try {
            long began = System.nanoTime();
            Demo demo =
                    new Demo(
                            example,
                            work,
                            LocalCluster.small(1),
                            line ->
                                    System.out.printf(
                                            "%6.1f s  %s%n",
                                            (System.nanoTime() - began) / 1e9, line));
            boolean same = new DemoReport(example).run(demo, report);
            System.out.printf("Report: %s%n", report.toAbsolutePath().normalize());
            return same ? 0 : Failures.FAILED;
        } finally {
            delete(work);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
