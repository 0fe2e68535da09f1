package io.streamcell.jobs.savepoints;

import io.streamcell.operators.Streamcell;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.core.fs.Path;
import org.apache.flink.state.api.output.SnapshotUtils;
import org.apache.flink.state.api.output.operators.KeyedStateBootstrapOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Writes the state of {@link Streamcell#OPERATOR_UID} in the backend's own form, which Flink's
 * operator for it does not.
 */
final class NativeBootstrapOperator extends KeyedStateBootstrapOperator<String, SavedStream> {
    private static final long serialVersionUID = 1;
    private static final long CHECKPOINT = 0;

    private final long timestamp;
    private final Path folder;

    NativeBootstrapOperator(long timestamp, Path folder, StreamBootstrap streams) {
        super(CHECKPOINT, timestamp, folder, streams);
        this.timestamp = timestamp;
        this.folder = folder;
    }

    @Override
    public void endInput() throws Exception {
        Configuration job = getContainingTask().getJobConfiguration();
        output.collect(
                new StreamRecord<>(
                        SnapshotUtils.snapshot(
                                CHECKPOINT,
                                this,
                                getRuntimeContext().getTaskInfo().getIndexOfThisSubtask(),
                                timestamp,
                                CheckpointingOptions.getCheckpointingMode(job),
                                CheckpointingOptions.isUnalignedCheckpointEnabled(job),
                                getContainingTask().getConfiguration().getConfiguration(),
                                folder,
                                SavepointFormatType.NATIVE)));
    }
}
