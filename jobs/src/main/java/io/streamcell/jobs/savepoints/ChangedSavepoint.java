package io.streamcell.jobs.savepoints;

import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.operators.ModelReference;
import io.streamcell.operators.Streamcell;
import java.io.IOException;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.state.api.OperatorTransformation;
import org.apache.flink.state.api.SavepointWriter;
import org.apache.flink.state.api.StateBootstrapTransformation;
import org.apache.flink.state.api.runtime.SavepointLoader;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A new savepoint: another one with more streams, or others in their place. What else the job had,
 * such as the places in its topics, is copied. The new one is canonical and does not need the old
 * one's files.
 *
 * @param from not changed
 * @param folder qualified
 */
public record ChangedSavepoint(Savepoint from, String folder) {
    /**
     * A savepoint to be written.
     *
     * @throws ConfigurationException if there is something in its folder
     */
    public static ChangedSavepoint of(Savepoint from, String to) throws IOException {
        Path path = new Path(to);
        FileSystem files = path.getFileSystem();
        FileStatus[] there = files.exists(path) ? files.listStatus(path) : new FileStatus[0];
        if (there == null || there.length > 0) {
            throw new ConfigurationException(
                    "--to must be a folder that is empty or does not exist yet, got " + to);
        }
        return new ChangedSavepoint(from, path.makeQualified(files).toString());
    }

    /**
     * Writes it.
     *
     * @param models that made the states, those of the old savepoint
     * @param more streams that it did not have, or that are given in place of those that it had
     */
    public void write(
            StreamExecutionEnvironment environment,
            Map<String, ModelReference> models,
            DataStream<SavedStream> more)
            throws Exception {
        StateBootstrapTransformation<SavedStream> scoring =
                OperatorTransformation.bootstrapWith(from.streams(environment).union(more))
                        .setMaxParallelism(from.maxParallelism())
                        .keyBy(SavedStream::stream, Types.STRING)
                        .transform(new StreamBootstrap(models, from.resetAlls(environment)));
        SavepointWriter.fromExistingSavepoint(environment, from.folder(), Savepoint.onDisk())
                .removeOperator(Savepoint.SCORING)
                .withOperator(Savepoint.SCORING, scoring)
                .write(folder);
        environment.execute("write " + folder);
        // A failure while it writes keyed state Flink leaves out of the job's result.
        boolean written =
                SavepointLoader.loadSavepointMetadata(folder).getOperatorStates().stream()
                        .filter(s -> s.getOperatorID().equals(Savepoint.SCORING.getOperatorId()))
                        .anyMatch(state -> !state.getStates().isEmpty());
        if (!written) {
            throw new IOException(
                    "%s must hold the state of %s, found none: writing it failed, and it must not be used"
                            .formatted(folder, Streamcell.OPERATOR_UID));
        }
    }
}
