package io.streamcell.jobs.replay;

import io.streamcell.operators.OutputRecordSerializer;
import io.streamcell.operators.Score;
import io.streamcell.state.ImmutableValueSerializer;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/** One stream's outputs, each compared for itself, by model and name. */
final class StreamComparison {
    private final Map<String, OutputComparison> outputs = new HashMap<>(2);

    /** Whether a score of it differs, so that what is missing may be wrong, too. */
    boolean differs;

    OutputComparison output(String key) {
        OutputComparison output = outputs.get(key);
        if (output == null) {
            output = new OutputComparison();
            outputs.put(key, output);
        }
        return output;
    }

    void each(Consumer<OutputComparison> consumer) {
        outputs.values().forEach(consumer);
    }

    /** A guess at the memory that it takes. */
    long bytes() {
        long bytes = 200;
        for (OutputComparison output : outputs.values()) {
            bytes += output.bytes();
        }
        return bytes;
    }

    /** Writes it where it is kept while it is not at hand; both ends are of one version. */
    static final class Serializer extends ImmutableValueSerializer<StreamComparison> {
        private static final long serialVersionUID = 1;

        private final OutputRecordSerializer scores = new OutputRecordSerializer();

        @Override
        public void serialize(StreamComparison stream, DataOutputView target) throws IOException {
            target.writeBoolean(stream.differs);
            target.writeInt(stream.outputs.size());
            for (Map.Entry<String, OutputComparison> each : stream.outputs.entrySet()) {
                StringValue.writeString(each.getKey(), target);
                write(each.getValue().scored, target);
                write(each.getValue().recorded, target);
                long[] ranges = each.getValue().ranges();
                target.writeInt(ranges.length);
                for (long bound : ranges) {
                    target.writeLong(bound);
                }
            }
        }

        private void write(PendingRows pending, DataOutputView target) throws IOException {
            target.writeInt(pending.size());
            IOException[] failed = new IOException[1];
            pending.each(
                    rows -> {
                        try {
                            target.writeBoolean(rows.timed());
                            target.writeLong(rows.timestamp());
                            scores.serialize(rows.asScore(), target);
                        } catch (IOException e) {
                            failed[0] = e;
                        }
                    });
            if (failed[0] != null) {
                throw failed[0];
            }
        }

        @Override
        public StreamComparison deserialize(DataInputView source) throws IOException {
            StreamComparison stream = new StreamComparison();
            stream.differs = source.readBoolean();
            for (int left = source.readInt(); left > 0; left--) {
                String key = StringValue.readString(source);
                PendingRows scored = read(source);
                PendingRows recorded = read(source);
                long[] ranges = new long[source.readInt()];
                for (int k = 0; k < ranges.length; k++) {
                    ranges[k] = source.readLong();
                }
                stream.outputs.put(
                        key, new OutputComparison(scored, recorded, ranges, ranges.length));
            }
            return stream;
        }

        private PendingRows read(DataInputView source) throws IOException {
            PendingRows pending = new PendingRows();
            for (int left = source.readInt(); left > 0; left--) {
                boolean timed = source.readBoolean();
                long timestamp = source.readLong();
                pending.add(Rows.of((Score) scores.deserialize(source), timed, timestamp));
            }
            return pending;
        }

        @Override
        public TypeSerializerSnapshot<StreamComparison> snapshotConfiguration() {
            return new Snapshot();
        }
    }

    /** What a checkpoint would say of the serializer; a replay makes none. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<StreamComparison> {
        public Snapshot() {
            super(Serializer::new);
        }
    }
}
