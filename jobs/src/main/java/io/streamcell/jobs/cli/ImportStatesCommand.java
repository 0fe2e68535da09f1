package io.streamcell.jobs.cli;

import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.jobs.savepoints.ChangedSavepoint;
import io.streamcell.jobs.savepoints.Savepoint;
import io.streamcell.jobs.savepoints.StateFile;
import io.streamcell.operators.ScoringOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code state import}: a savepoint in which streams are reset to given states. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description =
                "Writes a new savepoint, with streams reset to the states in a file, and all others as they were.")
final class ImportStatesCommand implements Callable<Integer> {
    @Parameters(paramLabel = "SAVEPOINT", description = "Its folder, or a checkpoint's.")
    private String folder;

    @Option(names = "--input", required = true, description = "State records, one on each line.")
    private Path input;

    @Option(names = "--to", required = true, description = "The new savepoint's folder.")
    private String to;

    @Mixin private ModelOptions model;

    @Override
    public Integer call() throws Exception {
        if (!Files.isRegularFile(input) || !Files.isReadable(input)) {
            throw new ConfigurationException("--input must be a readable file, got " + input);
        }
        Savepoint savepoint = Savepoint.at("SAVEPOINT", folder);
        ChangedSavepoint changed = ChangedSavepoint.of(savepoint, to);
        StateFile states =
                new StateFile(
                        input,
                        model.of(savepoint),
                        model.scoring().value(ScoringOptions.MODEL_CARRY));
        states.check();
        Progress.say("writing " + changed.folder());
        StreamExecutionEnvironment environment = LocalCluster.writing();
        changed.write(
                environment, savepoint.models(LocalCluster.reading()), states.streams(environment));
        return 0;
    }
}
