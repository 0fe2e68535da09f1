package io.streamcell.operators;

import io.streamcell.state.ImmutableValueSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Carries control events to every task. */
public final class ControlEventSerializer extends ImmutableValueSerializer<ControlEvent> {
    private static final long serialVersionUID = 1;

    private final ModelChange.Serializer changes = new ModelChange.Serializer();

    @Override
    public void serialize(ControlEvent event, DataOutputView target) throws IOException {
        target.writeLong(event.time());
        target.writeBoolean(event.change() != null);
        if (event.change() != null) {
            changes.serialize(event.change(), target);
        }
    }

    @Override
    public ControlEvent deserialize(DataInputView source) throws IOException {
        long time = source.readLong();
        return new ControlEvent(time, source.readBoolean() ? changes.deserialize(source) : null);
    }

    @Override
    public TypeSerializerSnapshot<ControlEvent> snapshotConfiguration() {
        return new Snapshot();
    }

    /** What a checkpoint says of this serializer. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<ControlEvent> {
        public Snapshot() {
            super(ControlEventSerializer::new);
        }
    }
}
