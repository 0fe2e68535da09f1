package io.streamcell.jobs.cli;

import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.jobs.config.JobConfiguration;
import io.streamcell.jobs.files.FileScoring;
import io.streamcell.jobs.json.FlatRow;
import io.streamcell.operators.ScoringOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code score}: scores a file of events. */
@Command(
        name = "score",
        mixinStandardHelpOptions = true,
        description = "Scores a file of events, one JSON object a line, without Kafka.")
final class ScoreCommand implements Callable<Integer> {
    @Option(names = "--model", required = true, description = "The saved model.")
    private String model;

    @Option(names = "--input", required = true, description = "The events.")
    private Path input;

    @Option(names = "--output", required = true, description = "Where scores are written.")
    private Path output;

    @Option(names = "--rejected", description = "Where rejected events are written.")
    private Path rejected;

    @Option(
            names = "--states",
            description = "Where exported states are written; else among the scores.")
    private Path states;

    @Option(names = "--carry", description = "always, as-saved or never.")
    private String carry;

    @Option(names = "--provider", description = "auto, native, vector, reference, cuda or nd4j.")
    private String provider;

    @Option(names = "--parallelism", defaultValue = "1", description = "Subtasks that score.")
    private int parallelism;

    @Option(names = "-D", description = "An option, key=value.")
    private Map<String, String> options = new LinkedHashMap<>();

    @Override
    public Integer call() throws Exception {
        // Flink would tell of a failure in hundreds of lines; the root cause is said in one.
        if (System.getProperty("streamcell.log") == null) {
            System.setProperty("streamcell.log.flink", "off");
        }
        if (parallelism < 1) {
            throw new ConfigurationException(
                    "--parallelism must be at least 1, got " + parallelism);
        }
        if (!Files.isRegularFile(input) || !Files.isReadable(input)) {
            throw new ConfigurationException("--input must be a readable file, got " + input);
        }
        checkOutputs();
        Configuration configuration = LocalCluster.small(parallelism);
        JobConfiguration.override(configuration, options);
        configuration.set(ScoringOptions.MODEL_URI, model);
        if (carry != null) {
            configuration.setString(ScoringOptions.MODEL_CARRY.key(), carry);
        }
        if (provider != null) {
            configuration.set(ScoringOptions.KERNEL_PROVIDER, provider);
        }
        ScoringOptions scoring = JobConfiguration.scoring(configuration);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(parallelism, configuration);
        new FileScoring(input, FlatRow.of(configuration), output, rejected, states)
                .build(environment, ModelLoading.load(scoring), scoring);
        environment.execute("score " + input.getFileName());
        return 0;
    }

    /** Nothing that is read may be overwritten, and no two outputs may share a file. */
    private void checkOutputs() {
        Map<Path, String> taken = new LinkedHashMap<>();
        taken.put(input.toAbsolutePath().normalize(), "--input");
        taken.put(Path.of(model).toAbsolutePath().normalize(), "--model");
        check("--output", output, taken);
        check("--rejected", rejected, taken);
        check("--states", states, taken);
    }

    private static void check(String option, Path file, Map<Path, String> taken) {
        if (file == null) {
            return;
        }
        Path absolute = file.toAbsolutePath().normalize();
        if (!Files.isDirectory(absolute.getParent()) || Files.isDirectory(absolute)) {
            throw new ConfigurationException(
                    "%s must be a file in a folder that exists, got %s".formatted(option, file));
        }
        String other = taken.put(absolute, option);
        if (other != null && Files.isRegularFile(absolute)) {
            throw new ConfigurationException(
                    "%s must be a file of its own, got that of %s: %s"
                            .formatted(option, other, file));
        }
    }
}
