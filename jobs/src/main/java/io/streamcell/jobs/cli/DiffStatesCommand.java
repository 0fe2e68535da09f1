package io.streamcell.jobs.cli;

import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.jobs.savepoints.Savepoint;
import io.streamcell.jobs.savepoints.StreamDifference;
import java.util.concurrent.Callable;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code state diff}: the streams that are not the same in two savepoints. */
@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        description =
                "Writes which streams are only in one of two savepoints, or differ in a bit; exit status 1 if any.")
final class DiffStatesCommand implements Callable<Integer> {
    @Parameters(paramLabel = "A", index = "0", description = "A savepoint's folder.")
    private String a;

    @Parameters(paramLabel = "B", index = "1", description = "Another's.")
    private String b;

    @Option(names = "--limit", description = "How many lines at most.")
    private long limit = Long.MAX_VALUE;

    @Mixin private LinesOption output;

    @Override
    public Integer call() throws Exception {
        if (limit < 1) {
            throw new ConfigurationException("--limit must be at least 1, got " + limit);
        }
        StreamExecutionEnvironment environment = LocalCluster.reading();
        environment.setRuntimeMode(RuntimeExecutionMode.BATCH);
        var differences =
                StreamDifference.of(
                        Savepoint.at("A", a).streams(environment),
                        Savepoint.at("B", b).streams(environment));
        long found = 0;
        try (LinesOption.Lines lines = output.open();
                CloseableIterator<byte[]> all = differences.executeAndCollect()) {
            for (; found < limit && all.hasNext(); found++) {
                lines.write(all.next());
            }
        }
        return found == 0 ? 0 : Failures.FAILED;
    }
}
