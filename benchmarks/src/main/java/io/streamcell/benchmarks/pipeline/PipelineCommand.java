package io.streamcell.benchmarks.pipeline;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.streamcell.benchmarks.Folders;
import io.streamcell.benchmarks.Measurement;
import io.streamcell.benchmarks.Measurements;
import io.streamcell.benchmarks.Patterns;
import io.streamcell.jobs.config.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code ./streamcell bench pipeline}. */
@Command(
        name = "pipeline",
        mixinStandardHelpOptions = true,
        description = "Whole pipelines, beside an identity operator and ONNX Runtime per record.")
public final class PipelineCommand implements Callable<Integer> {
    private static final List<Part> PARTS =
            List.of(
                    new KafkaPart(),
                    MemoryPart.ONNX,
                    MemoryPart.SQL,
                    new BackendsPart(),
                    new LatencyPart(),
                    new GrowthPart());

    @Option(
            names = "--parts",
            split = ",",
            description = "Which of kafka, memory, sql, backends, latency, growth; else all.")
    private List<String> parts;

    @Option(names = "--json", description = "Where every measurement is written too.")
    private Path json;

    @Option(names = "--rounds", description = "How often each subject runs; else 7, 5 or 3.")
    private Integer rounds;

    @Option(
            names = "--records",
            defaultValue = "400000",
            description = "Events that a run is made of; others take a share (${DEFAULT-VALUE}).")
    private long records;

    @Option(
            names = "--only",
            paramLabel = "PATTERN",
            description =
                    "Cases and subjects of this name only; * stands for any text. May be repeated.")
    private List<String> only = List.of();

    @Override
    public Integer call() throws Exception {
        if (System.getProperty("streamcell.log") == null) {
            // A job that is cancelled, or that ends, says so in many lines.
            System.setProperty("streamcell.log", "off");
        }
        List<Part> chosen = chosen();
        if (rounds != null && rounds < 1 || records < 1) {
            throw new ConfigurationException("--rounds and --records must be at least 1");
        }
        Path folder = Files.createTempDirectory("streamcell-bench");
        try {
            Setting setting =
                    new Setting(
                            records,
                            rounds == null ? OptionalInt.empty() : OptionalInt.of(rounds),
                            Patterns.anyOf(only),
                            folder,
                            progress());
            List<Measurement> all = new ArrayList<>();
            for (Part part : chosen) {
                List<Series> series = part.measure(setting);
                System.out.println("\n### " + part.title());
                series.stream()
                        .collect(groupingBy(Series::unit, LinkedHashMap::new, toList()))
                        .values()
                        .forEach(
                                each ->
                                        System.out.print(
                                                "\n" + Table.of(each, part.comparisons())));
                series.forEach(each -> all.add(each.measurement()));
                if (json != null) {
                    Measurements.write(all, json);
                }
            }
        } finally {
            Folders.delete(folder);
        }
        return 0;
    }

    private List<Part> chosen() {
        if (parts == null) {
            return PARTS;
        }
        List<Part> chosen = new ArrayList<>();
        for (String name : parts) {
            chosen.add(
                    PARTS.stream()
                            .filter(part -> part.name().equals(name))
                            .findFirst()
                            .orElseThrow(
                                    () ->
                                            new ConfigurationException(
                                                    "--parts must name some of %s, got %s"
                                                            .formatted(names(), name))));
        }
        return chosen;
    }

    private static String names() {
        return String.join(", ", PARTS.stream().map(Part::name).toList());
    }

    private static Consumer<String> progress() {
        return Boolean.getBoolean("streamcell.terminal") ? System.err::println : line -> {};
    }
}
