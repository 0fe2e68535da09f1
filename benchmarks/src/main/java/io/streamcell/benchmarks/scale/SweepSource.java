package io.streamcell.benchmarks.scale;

import io.streamcell.operators.Incoming;
import java.io.IOException;
import java.util.List;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/** Events in memory that wait between sweeps, and go on from a checkpoint. */
final class SweepSource implements Source<Incoming, SweepSplit, Boolean> {
    private static final long serialVersionUID = 1;

    private final int streams;

    SweepSource(int streams) {
        this.streams = streams;
    }

    @Override
    public Boundedness getBoundedness() {
        return Boundedness.CONTINUOUS_UNBOUNDED;
    }

    @Override
    public SourceReader<Incoming, SweepSplit> createReader(SourceReaderContext context) {
        return new SweepReader(streams);
    }

    @Override
    public SplitEnumerator<SweepSplit, Boolean> createEnumerator(
            SplitEnumeratorContext<SweepSplit> context) {
        return new Enumerator(context, false);
    }

    @Override
    public SplitEnumerator<SweepSplit, Boolean> restoreEnumerator(
            SplitEnumeratorContext<SweepSplit> context, Boolean restored) {
        return new Enumerator(context, restored);
    }

    @Override
    public SimpleVersionedSerializer<SweepSplit> getSplitSerializer() {
        return new SweepSplit.Serializer();
    }

    @Override
    public SimpleVersionedSerializer<Boolean> getEnumeratorCheckpointSerializer() {
        return new Flag();
    }

    /** Hands the splits out once; after that they lie with the readers. */
    private static final class Enumerator implements SplitEnumerator<SweepSplit, Boolean> {
        private final SplitEnumeratorContext<SweepSplit> context;
        private final boolean handedOut;

        Enumerator(SplitEnumeratorContext<SweepSplit> context, boolean handedOut) {
            this.context = context;
            this.handedOut = handedOut;
        }

        @Override
        public void start() {}

        @Override
        public void addReader(int subtask) {
            if (handedOut) {
                return;
            }
            for (int k = subtask; k < SweepSplit.COUNT; k += context.currentParallelism()) {
                context.assignSplit(new SweepSplit(k, 0), subtask);
            }
        }

        @Override
        public void handleSplitRequest(int subtask, String host) {}

        @Override
        public void addSplitsBack(List<SweepSplit> splits, int subtask) {
            throw new IllegalStateException("the job must not fail before its first checkpoint");
        }

        @Override
        public Boolean snapshotState(long checkpoint) {
            return true;
        }

        @Override
        public void close() {}
    }

    /** A byte. */
    private static final class Flag implements SimpleVersionedSerializer<Boolean> {
        @Override
        public int getVersion() {
            return 1;
        }

        @Override
        public byte[] serialize(Boolean flag) {
            return new byte[] {(byte) (flag ? 1 : 0)};
        }

        @Override
        public Boolean deserialize(int version, byte[] bytes) throws IOException {
            return bytes[0] == 1;
        }
    }
}
