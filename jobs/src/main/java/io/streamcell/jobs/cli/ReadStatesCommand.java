package io.streamcell.jobs.cli;

import io.streamcell.jobs.savepoints.Fetched;
import io.streamcell.jobs.savepoints.SavedStream;
import io.streamcell.jobs.savepoints.Savepoint;
import io.streamcell.jobs.savepoints.StateRecords;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code state read}: the states of some streams. */
@Command(
        name = "read",
        mixinStandardHelpOptions = true,
        description = "Writes the states of streams as records that a reset takes.")
final class ReadStatesCommand implements Callable<Integer> {
    @Parameters(paramLabel = "SAVEPOINT", description = "Its folder, or a checkpoint's.")
    private String folder;

    @Option(
            names = "--stream",
            required = true,
            arity = "1..*",
            paramLabel = "ID",
            description = "A stream, or several.")
    private List<String> streams;

    @Mixin private ModelOptions model;
    @Mixin private LinesOption output;

    @Override
    public Integer call() throws Exception {
        Savepoint savepoint = Savepoint.at("SAVEPOINT", folder);
        StateRecords records = new StateRecords(model.of(savepoint));
        Set<String> missing = new LinkedHashSet<>(streams);
        Progress progress = new Progress("read");
        try (LinesOption.Lines lines = output.open();
                Fetched all = Fetched.of(savepoint.states(LocalCluster.reading(), model.name()))) {
            while (!missing.isEmpty() && all.hasNext()) {
                SavedStream saved = all.next();
                progress.stream();
                if (missing.remove(saved.stream())) {
                    lines.write(records.write(saved));
                }
            }
        }
        if (!missing.isEmpty()) {
            Failures.say("streams must be in %s, found none of %s".formatted(folder, missing));
            return Failures.FAILED;
        }
        return 0;
    }
}
