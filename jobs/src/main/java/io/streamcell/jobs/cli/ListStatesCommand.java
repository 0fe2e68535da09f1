package io.streamcell.jobs.cli;

import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.jobs.json.JsonStreamWriter;
import io.streamcell.jobs.savepoints.Fetched;
import io.streamcell.jobs.savepoints.SavedStream;
import io.streamcell.jobs.savepoints.Savepoint;
import io.streamcell.operators.StreamEvent;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code state list}: which streams there are, and where they stand. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Lists the streams, in no order: next timestep, last time, models, bytes.")
final class ListStatesCommand implements Callable<Integer> {
    @Parameters(paramLabel = "SAVEPOINT", description = "Its folder, or a checkpoint's.")
    private String folder;

    @Option(names = "--prefix", defaultValue = "", description = "What their ids begin with.")
    private String prefix;

    @Option(names = "--limit", description = "How many at most.")
    private long limit = Long.MAX_VALUE;

    @Option(
            names = "--model-name",
            defaultValue = StreamEvent.DEFAULT_MODEL,
            description = "A model's name, of a job with several.")
    private String model;

    @Mixin private LinesOption output;

    @Override
    public Integer call() throws Exception {
        if (limit < 1) {
            throw new ConfigurationException("--limit must be at least 1, got " + limit);
        }
        Savepoint savepoint = Savepoint.at("SAVEPOINT", folder);
        JsonStreamWriter json = new JsonStreamWriter();
        Progress progress = new Progress("read");
        try (LinesOption.Lines lines = output.open();
                Fetched streams = Fetched.of(savepoint.states(LocalCluster.reading(), model))) {
            long left = limit;
            while (left > 0 && streams.hasNext()) {
                SavedStream saved = streams.next();
                progress.stream();
                if (saved.stream().startsWith(prefix)) {
                    lines.write(json.write(saved.stream(), saved.state()));
                    left--;
                }
            }
        }
        return 0;
    }
}
