package io.streamcell.benchmarks.hostile;

import io.streamcell.benchmarks.Table;
import io.streamcell.benchmarks.pipeline.Broker;
import io.streamcell.benchmarks.pipeline.SavedLstm;
import io.streamcell.jobs.config.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./streamcell bench hostile}. */
@Command(
        name = "hostile",
        mixinStandardHelpOptions = true,
        description = "Loads that nobody should send, each for a job with a small heap.")
public final class HostileCommand implements Callable<Integer> {
    @Option(
            names = "--cases",
            split = ",",
            description = "Which of one-stream, long-chunk, ...; else all.")
    private List<String> cases;

    @Option(
            names = "--heap",
            defaultValue = "512m",
            description = "The job's, as in -Xmx (${DEFAULT-VALUE}).")
    private String heap;

    @Override
    public Integer call() throws Exception {
        List<HostileCase> chosen =
                cases == null
                        ? List.of(HostileCase.values())
                        : cases.stream().map(HostileCommand::named).toList();
        Path folder = Files.createTempDirectory("streamcell-hostile");
        String model = SavedLstm.save(8, 32, folder).toString();
        Table table =
                new Table(
                        List.of(
                                "Load",
                                "s",
                                "Timesteps scored",
                                "Rejected",
                                "Heap in use, MB",
                                "Process, MB",
                                "Result"));
        boolean good = true;
        for (HostileCase load : chosen) {
            try (Broker broker = Broker.start(folder.resolve("broker-" + load.ordinal()))) {
                HostileTrial.Figures figures =
                        new HostileTrial(load, broker, folder, model, heap).run();
                good &= figures.ended().equals("ok");
                table.add(row(load, figures));
                System.err.println(String.join("  ", row(load, figures)));
            }
        }
        System.out.print(table);
        return good ? 0 : 1;
    }

    private static HostileCase named(String name) {
        return Arrays.stream(HostileCase.values())
                .filter(each -> each.name().equals(name.toUpperCase(Locale.ROOT).replace('-', '_')))
                .findFirst()
                .orElseThrow(
                        () ->
                                new ConfigurationException(
                                        "--cases must name some of %s, got %s"
                                                .formatted(
                                                        Arrays.toString(HostileCase.values()),
                                                        name)));
    }

    private static List<String> row(HostileCase load, HostileTrial.Figures figures) {
        return List.of(
                load.title(),
                String.format(Locale.ROOT, "%.0f", figures.seconds()),
                String.format(Locale.ROOT, "%,d", figures.scored()),
                String.format(Locale.ROOT, "%,d", figures.rejected()),
                String.valueOf(figures.live() >> 20),
                String.valueOf(figures.resident() >> 20),
                figures.ended());
    }
}
