package io.streamcell.jobs.cli;

import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.jobs.savepoints.ChangedSavepoint;
import io.streamcell.jobs.savepoints.Fetched;
import io.streamcell.jobs.savepoints.SavedStream;
import io.streamcell.jobs.savepoints.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code state fork}: a savepoint in which a stream goes on twice. */
@Command(
        name = "fork",
        mixinStandardHelpOptions = true,
        description = "Writes a new savepoint, with a copy of a stream under another id.")
final class ForkStateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "SAVEPOINT", description = "Its folder, or a checkpoint's.")
    private String folder;

    @Option(names = "--from", required = true, paramLabel = "ID", description = "The stream.")
    private String from;

    @Option(names = "--as", required = true, paramLabel = "ID", description = "The copy's id.")
    private String as;

    @Mixin private NewSavepointOptions to;

    @Override
    public Integer call() throws Exception {
        if (as.isEmpty()) {
            throw new ConfigurationException("--as must name a stream, got an empty id");
        }
        Savepoint savepoint = Savepoint.at("SAVEPOINT", folder);
        ChangedSavepoint changed = to.savepoint();
        List<SavedStream> copies = find(savepoint).stream().map(saved -> saved.as(as)).toList();
        Progress.say("writing " + changed.folder());
        StreamExecutionEnvironment environment = LocalCluster.writing();
        changed.write(
                environment, savepoint, savepoint.shared(), SavedStream.in(environment, copies));
        return 0;
    }

    /** The stream under each model; goes through all, since the copy's id must be nobody's. */
    private List<SavedStream> find(Savepoint savepoint) throws Exception {
        List<SavedStream> found = new ArrayList<>();
        Progress.say("reading " + folder);
        try (Fetched streams =
                Fetched.of(
                        SavedStream.named(savepoint.streams(LocalCluster.reading()), from, as))) {
            while (streams.hasNext()) {
                SavedStream saved = streams.next();
                if (saved.stream().equals(as)) {
                    throw new ConfigurationException(
                            "--as must be an id that no stream in %s has, got %s"
                                    .formatted(folder, as));
                }
                found.add(saved);
            }
        }
        if (found.isEmpty()) {
            throw new ConfigurationException(
                    "--from must be a stream in %s, got %s".formatted(folder, from));
        }
        return found;
    }
}
