package io.streamcell.jobs.savepoints;

import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.operators.Streamcell;
import java.io.IOException;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.state.api.KeyedStateTransformation;
import org.apache.flink.state.api.OperatorTransformation;
import org.apache.flink.state.api.SavepointWriter;
import org.apache.flink.state.api.StateBootstrapTransformation;
import org.apache.flink.state.api.runtime.SavepointLoader;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.operators.SimpleOperatorFactory;

/**
 * A savepoint to be written. It needs no other one's files.
 *
 * @param folder qualified
 * @param form canonical, which hashmap and rocksdb go on from, or native, which rocksdb and forst
 *     do
 */
public record ChangedSavepoint(String folder, SavepointFormatType form) {
    /**
     * A savepoint in a folder.
     *
     * @throws ConfigurationException if there is something in it
     */
    public static ChangedSavepoint at(String to, SavepointFormatType form) throws IOException {
        Path path = new Path(to);
        FileSystem files = path.getFileSystem();
        FileStatus[] there = files.exists(path) ? files.listStatus(path) : new FileStatus[0];
        if (there == null || there.length > 0) {
            throw new ConfigurationException(
                    "--to must be a folder that is empty or does not exist yet, got " + to);
        }
        return new ChangedSavepoint(path.makeQualified(files).toString(), form);
    }

    /**
     * Writes another savepoint with more streams, or others in their place. What else the job had,
     * such as the places in its topics, is copied.
     *
     * @param from not changed
     * @param shared of the new one
     * @param more streams that it did not have, or that are given in place of those that it had
     */
    public void write(
            StreamExecutionEnvironment environment,
            Savepoint from,
            SharedState shared,
            DataStream<SavedStream> more)
            throws Exception {
        SavepointWriter writer =
                SavepointWriter.fromExistingSavepoint(
                                environment, from.folder(), Savepoint.onDisk())
                        .removeOperator(Savepoint.SCORING);
        DataStream<SavedStream> streams = from.streams(environment).union(more);
        write(environment, writer, streams, shared, from.maxParallelism());
    }

    /** Writes streams alone, for a job to begin with that reads its topics from their start. */
    public void write(
            StreamExecutionEnvironment environment,
            SharedState shared,
            DataStream<SavedStream> streams,
            int maxParallelism)
            throws Exception {
        SavepointWriter writer =
                SavepointWriter.newSavepoint(environment, Savepoint.onDisk(), maxParallelism);
        write(environment, writer, streams, shared, maxParallelism);
    }

    private void write(
            StreamExecutionEnvironment environment,
            SavepointWriter writer,
            DataStream<SavedStream> streams,
            SharedState shared,
            int maxParallelism)
            throws Exception {
        KeyedStateTransformation<String, SavedStream> byStream =
                OperatorTransformation.bootstrapWith(streams)
                        .setMaxParallelism(maxParallelism)
                        .keyBy(SavedStream::stream, Types.STRING);
        StreamBootstrap bootstrap = new StreamBootstrap(shared);
        StateBootstrapTransformation<SavedStream> scoring =
                form == SavepointFormatType.CANONICAL
                        ? byStream.transform(bootstrap)
                        : byStream.transform(
                                (timestamp, path) ->
                                        SimpleOperatorFactory.of(
                                                new NativeBootstrapOperator(
                                                        timestamp, path, bootstrap)));
        writer.withOperator(Savepoint.SCORING, scoring).write(folder);
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
