package io.streamcell.jobs.cli;

import io.streamcell.jobs.savepoints.ChangedSavepoint;
import io.streamcell.jobs.savepoints.Savepoint;
import java.util.concurrent.Callable;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code state copy}: a job's streams alone, for another job to begin with. */
@Command(
        name = "copy",
        mixinStandardHelpOptions = true,
        description =
                "Writes a new savepoint with the streams of another, and nothing of its topics: for another job to begin with.")
final class CopyStatesCommand implements Callable<Integer> {
    @Parameters(paramLabel = "SAVEPOINT", description = "Its folder, or a checkpoint's.")
    private String folder;

    @Mixin private NewSavepointOptions to;

    @Override
    public Integer call() throws Exception {
        Savepoint savepoint = Savepoint.at("SAVEPOINT", folder);
        ChangedSavepoint copy = to.savepoint();
        Progress.say("writing " + copy.folder());
        StreamExecutionEnvironment environment = LocalCluster.writing();
        copy.write(
                environment,
                savepoint.shared(),
                savepoint.streams(environment),
                savepoint.maxParallelism());
        return 0;
    }
}
