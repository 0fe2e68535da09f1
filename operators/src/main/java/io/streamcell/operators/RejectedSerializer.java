package io.streamcell.operators;

import io.streamcell.state.ImmutableValueSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Carries rejected events from task to task. */
public final class RejectedSerializer extends ImmutableValueSerializer<Rejected> {
    private static final long serialVersionUID = 1;
    private static final Reason[] REASONS = Reason.values();

    @Override
    public void serialize(Rejected rejected, DataOutputView target) throws IOException {
        target.writeByte(rejected.reason().ordinal());
        Fields.text(rejected.message(), target);
        Origin origin = rejected.origin();
        target.writeBoolean(origin != null);
        if (origin != null) {
            Fields.text(origin.source(), target);
            target.writeInt(origin.partition());
            target.writeLong(origin.position());
        }
        Fields.text(rejected.stream(), target);
        Fields.bytes(rejected.bytes(), target);
        target.writeBoolean(rejected.cut());
    }

    @Override
    public Rejected deserialize(DataInputView source) throws IOException {
        Reason reason = REASONS[source.readByte()];
        String message = Fields.text(source);
        Origin origin =
                source.readBoolean()
                        ? new Origin(Fields.text(source), source.readInt(), source.readLong())
                        : null;
        return new Rejected(
                reason,
                message,
                origin,
                Fields.text(source),
                Fields.bytes(source),
                source.readBoolean());
    }

    @Override
    public TypeSerializerSnapshot<Rejected> snapshotConfiguration() {
        return new Snapshot();
    }

    /** What a checkpoint says of this serializer. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<Rejected> {
        public Snapshot() {
            super(RejectedSerializer::new);
        }
    }
}
