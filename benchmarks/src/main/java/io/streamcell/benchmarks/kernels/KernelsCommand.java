package io.streamcell.benchmarks.kernels;

import io.streamcell.benchmarks.Measurement;
import io.streamcell.benchmarks.Measurements;
import io.streamcell.benchmarks.Patterns;
import io.streamcell.benchmarks.Progress;
import io.streamcell.benchmarks.RatioChart;
import io.streamcell.benchmarks.kernels.peak.FmaPeak;
import io.streamcell.kernels.KernelProvider;
import io.streamcell.kernels.KernelProviders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./streamcell bench kernels}. */
@Command(
        name = "kernels",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Recurrent layers on every provider and peer, one thread each.")
public final class KernelsCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes every measurement.")
    private Path json;

    @Option(
            names = "--chart",
            paramLabel = "FILE",
            description =
                    "Writes the ratios as a chart: SVG, or with the table in one page where the name ends in .html.")
    private Path chart;

    @Option(
            names = "--isa",
            paramLabel = "avx2",
            description =
                    "Restricts all to AVX2 but ONNX Runtime, which cannot be; the launcher sets what it takes.")
    private String isa;

    @Option(
            names = "--rounds",
            defaultValue = "11",
            description = "How often each subject is measured in a case (${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--only",
            paramLabel = "PATTERN",
            description = "Cases of this name only; * stands for any text. May be repeated.")
    private List<String> only = List.of();

    @Option(
            names = "--subjects",
            paramLabel = "NAME",
            split = ",",
            description = "These subjects only; streamcell-reference takes part when it is named.")
    private List<String> subjects = List.of();

    @Option(
            names = "--slice",
            paramLabel = "MS",
            defaultValue = "60",
            description = "Milliseconds of a measurement (${DEFAULT-VALUE}).")
    private int slice;

    @Option(
            names = "--warm-up",
            paramLabel = "MS",
            defaultValue = "500",
            description = "Milliseconds that a subject runs before a case (${DEFAULT-VALUE}).")
    private int warmUp;

    @Override
    public Integer call() throws IOException {
        checkIsa();
        List<Workload> workloads = workloads();
        List<Library> libraries = libraries();
        Contest contest = new Contest(libraries, timing());
        System.out.printf(
                "Java %s, vectors of %d bits, %d rounds of %d ms; medians%n",
                Runtime.version().feature(), FmaPeak.vectorBits(), rounds, slice);
        List<Outcome> outcomes = new ArrayList<>();
        for (Workload workload : workloads) {
            Progress.say(outcomes.size() + 1, workloads.size(), workload.name());
            outcomes.add(contest.run(workload));
        }
        List<String> names = libraries.stream().map(Library::name).toList();
        Scoreboard scoreboard =
                new Scoreboard(
                        names,
                        outcomes,
                        Optional.ofNullable(isa).map(restricted -> OnnxRuntime.NAME));
        System.out.print(scoreboard);
        if (json != null) {
            Measurements.write(measurements(outcomes), json);
        }
        if (chart != null) {
            writeChart(scoreboard);
        }
        return 0;
    }

    private void checkIsa() {
        if (isa == null) {
            return;
        }
        if (!isa.equals("avx2")) {
            throw new ParameterException(spec.commandLine(), "--isa must be avx2, got " + isa);
        }
        if (!"AVX2".equals(System.getenv("ONEDNN_MAX_CPU_ISA")) || FmaPeak.vectorBits() > 256) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--isa needs options of the JVM and variables of the environment that only the"
                            + " launcher ./streamcell can set, got a JVM started without it");
        }
    }

    private void writeChart(Scoreboard scoreboard) throws IOException {
        List<RatioChart.Bar> bars =
                scoreboard.compared().stream()
                        .filter(outcome -> outcome.ratio().isPresent())
                        .map(
                                outcome ->
                                        new RatioChart.Bar(
                                                outcome.workload().name(),
                                                outcome.ratio().getAsDouble()))
                        .toList();
        String svg = new RatioChart("Streamcell against the best peer of each case", bars).svg();
        Files.writeString(
                chart,
                chart.toString().endsWith(".html")
                        ? "<!doctype html><meta charset=\"utf-8\"><title>bench kernels</title>\n%s<pre>%s</pre>\n"
                                .formatted(svg, RatioChart.escaped(scoreboard.toString()))
                        : svg);
    }

    private Contest.Timing timing() {
        if (rounds < 1 || slice < 1 || warmUp < 0) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--rounds and --slice must be at least 1, --warm-up at least 0, got %d, %d, %d"
                            .formatted(rounds, slice, warmUp));
        }
        return new Contest.Timing(rounds, warmUp * 1_000_000L, slice * 1_000_000L);
    }

    private List<Workload> workloads() {
        Predicate<String> asked = Patterns.anyOf(only);
        List<Workload> chosen =
                Workload.all().stream().filter(workload -> asked.test(workload.name())).toList();
        if (chosen.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--only must name a case such as '%s', got %s"
                            .formatted(Workload.all().get(0).name(), String.join(", ", only)));
        }
        return chosen;
    }

    private List<Library> libraries() {
        List<Library> all = new ArrayList<>();
        for (KernelProvider provider : KernelProviders.all()) {
            all.add(new Provider(provider));
        }
        all.addAll(peers());
        for (String subject : subjects) {
            if (all.stream().noneMatch(library -> library.name().equals(subject))) {
                String names = all.stream().map(Library::name).collect(Collectors.joining(", "));
                throw new ParameterException(
                        spec.commandLine(),
                        "--subjects must be of %s, got %s".formatted(names, subject));
            }
        }
        // The reference is the definition, not a contestant.
        all.removeIf(
                library ->
                        subjects.isEmpty()
                                ? library.name().equals(Provider.PREFIX + "reference")
                                : !subjects.contains(library.name()));
        return all;
    }

    /** The libraries that are not ours. */
    static List<Library> peers() {
        return List.of(
                new OnnxRuntime(),
                new OneDnn(),
                new Torch(),
                new Nd4jByHand(),
                new Nd4jLstmLayer());
    }

    private static List<Measurement> measurements(List<Outcome> outcomes) {
        return outcomes.stream().flatMap(outcome -> outcome.measurements().stream()).toList();
    }
}
