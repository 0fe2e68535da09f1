package io.streamcell.jobs.cli;

import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.jobs.savepoints.ChangedSavepoint;
import io.streamcell.jobs.savepoints.GivenModel;
import io.streamcell.jobs.savepoints.SavedStream;
import io.streamcell.jobs.savepoints.Savepoint;
import io.streamcell.jobs.savepoints.SharedState;
import io.streamcell.jobs.savepoints.StateFile;
import io.streamcell.jobs.savepoints.StateTopic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code state import}: a savepoint in which streams are reset to given states. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description =
                "Writes a new savepoint, with streams reset to the states in a file or topic, and all others as they were.")
final class ImportStatesCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "SAVEPOINT",
            arity = "0..1",
            description =
                    "Its folder, or a checkpoint's; without one, the new savepoint holds the given streams alone.")
    private String folder;

    @ArgGroup(multiplicity = "1")
    private Source source;

    @Mixin private NewSavepointOptions to;

    @Mixin private ModelOptions model;

    /** Where the states are; one of the two. */
    static final class Source {
        @Option(names = "--input", description = "State records in JSON, one on each line.")
        private Path file;

        @Option(
                names = "--topic",
                description =
                        "A topic of state records, read from its beginning to its end; --config or -D say where Kafka is, and output.format.")
        private String topic;
    }

    @Override
    public Integer call() throws Exception {
        if (source.file != null
                && !(Files.isRegularFile(source.file) && Files.isReadable(source.file))) {
            throw new ConfigurationException("--input must be a readable file, got " + source.file);
        }
        Savepoint savepoint = folder == null ? null : Savepoint.at("SAVEPOINT", folder);
        ChangedSavepoint changed = to.savepoint();
        SharedState shared = savepoint == null ? SharedState.NOTHING : savepoint.shared();
        GivenModel given;
        if (shared.models().containsKey(model.name())) {
            given = model.of(shared, folder);
        } else {
            given = model.ofNew();
            shared = shared.with(given.name(), given.served().reference());
            if (savepoint != null) {
                Failures.say("model %s is new in %s".formatted(given.name(), folder));
            }
        }
        if (source.topic == null) {
            StateFile file = new StateFile(source.file, given);
            file.check();
            write(savepoint, changed, shared, file);
            return 0;
        }
        Path copy = Files.createTempFile("streamcell-states", ".jsonl");
        try {
            copy(given, copy);
            write(savepoint, changed, shared, new StateFile(copy, given));
        } finally {
            Files.deleteIfExists(copy);
        }
        return 0;
    }

    private void copy(GivenModel given, Path copy) throws IOException {
        Progress.say("reading " + source.topic);
        StateTopic topic = new StateTopic(model.configuration(), source.topic, given);
        StateTopic.Copied copied = topic.copyTo(copy);
        if (copied.ofOthers() > 0) {
            Failures.say(
                    "%,d states of other models in %s are left out"
                            .formatted(copied.ofOthers(), source.topic));
        }
    }

    private void write(
            Savepoint savepoint, ChangedSavepoint changed, SharedState shared, StateFile states)
            throws Exception {
        Progress.say("writing " + changed.folder());
        StreamExecutionEnvironment environment = LocalCluster.writing();
        DataStream<SavedStream> given = states.streams(environment);
        if (savepoint == null) {
            int maxParallelism =
                    model.configuration()
                            .getOptional(PipelineOptions.MAX_PARALLELISM)
                            .orElse(LocalCluster.MAX_PARALLELISM);
            changed.write(environment, shared, given, maxParallelism);
        } else {
            changed.write(environment, savepoint, shared, given);
        }
    }
}
