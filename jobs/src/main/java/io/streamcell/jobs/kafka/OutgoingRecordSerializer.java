package io.streamcell.jobs.kafka;

import io.streamcell.operators.Header;
import io.streamcell.state.ImmutableValueSerializer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/** Carries records from task to task, where the sink is not chained to what makes them. */
public final class OutgoingRecordSerializer extends ImmutableValueSerializer<OutgoingRecord> {
    private static final long serialVersionUID = 1;
    private static final int NOTHING = -1;

    @Override
    public void serialize(OutgoingRecord record, DataOutputView target) throws IOException {
        StringValue.writeString(record.topic(), target);
        bytes(record.key(), target);
        bytes(record.value(), target);
        target.writeBoolean(record.timestamp() != null);
        target.writeLong(record.timestamp() == null ? 0 : record.timestamp());
        target.writeInt(record.headers().size());
        for (Header header : record.headers()) {
            StringValue.writeString(header.key(), target);
            bytes(header.value(), target);
        }
    }

    @Override
    public OutgoingRecord deserialize(DataInputView source) throws IOException {
        String topic = StringValue.readString(source);
        byte[] key = bytes(source);
        byte[] value = bytes(source);
        boolean timed = source.readBoolean();
        long time = source.readLong();
        List<Header> headers = new ArrayList<>();
        for (int left = source.readInt(); left > 0; left--) {
            headers.add(new Header(StringValue.readString(source), bytes(source)));
        }
        return new OutgoingRecord(topic, key, value, timed ? time : null, headers);
    }

    private static void bytes(byte[] bytes, DataOutputView target) throws IOException {
        target.writeInt(bytes == null ? NOTHING : bytes.length);
        if (bytes != null) {
            target.write(bytes);
        }
    }

    private static byte[] bytes(DataInputView source) throws IOException {
        int length = source.readInt();
        if (length == NOTHING) {
            return null;
        }
        byte[] bytes = new byte[length];
        source.readFully(bytes);
        return bytes;
    }

    @Override
    public TypeSerializerSnapshot<OutgoingRecord> snapshotConfiguration() {
        return new Snapshot();
    }

    /** What a checkpoint says of this serializer. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<OutgoingRecord> {
        public Snapshot() {
            super(OutgoingRecordSerializer::new);
        }
    }
}
