package io.streamcell.jobs.cli;

import io.streamcell.jobs.savepoints.Fetched;
import io.streamcell.jobs.savepoints.SavedStream;
import io.streamcell.jobs.savepoints.Savepoint;
import io.streamcell.jobs.savepoints.StateRecords;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code state export}: the states of all streams. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description =
                "Writes the states of all streams, in no order, as records that a reset takes.")
final class ExportStatesCommand implements Callable<Integer> {
    @Parameters(paramLabel = "SAVEPOINT", description = "Its folder, or a checkpoint's.")
    private String folder;

    @Mixin private ModelOptions model;
    @Mixin private LinesOption output;

    @Override
    public Integer call() throws Exception {
        Savepoint savepoint = Savepoint.at("SAVEPOINT", folder);
        StateRecords records = new StateRecords(model.of(savepoint));
        Progress progress = new Progress("exported");
        long others = 0;
        try (LinesOption.Lines lines = output.open();
                Fetched streams =
                        Fetched.of(savepoint.states(LocalCluster.reading(), model.name()))) {
            while (streams.hasNext()) {
                SavedStream saved = streams.next();
                if (records.fit(saved)) {
                    lines.write(records.write(saved));
                } else {
                    others++;
                }
                progress.stream();
            }
        }
        if (others > 0) {
            Failures.say(
                    "%,d streams were last scored by another model and are left out"
                            .formatted(others));
        }
        return 0;
    }
}
