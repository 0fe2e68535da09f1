package io.streamcell.jobs.cli;

import io.streamcell.jobs.savepoints.ChangedSavepoint;
import java.io.IOException;
import org.apache.flink.core.execution.SavepointFormatType;
import picocli.CommandLine.Option;

/** Where a command writes a savepoint, and for which state backends. */
final class NewSavepointOptions {
    @Option(names = "--to", required = true, description = "The new savepoint's folder.")
    private String folder;

    @Option(
            names = "--native",
            description = "Write it for rocksdb and forst; else for rocksdb and hashmap.")
    private boolean nativeForm;

    /**
     * The savepoint to be written.
     *
     * @throws io.streamcell.jobs.config.ConfigurationException if there is something in its folder
     */
    ChangedSavepoint savepoint() throws IOException {
        return ChangedSavepoint.at(
                folder, nativeForm ? SavepointFormatType.NATIVE : SavepointFormatType.CANONICAL);
    }
}
