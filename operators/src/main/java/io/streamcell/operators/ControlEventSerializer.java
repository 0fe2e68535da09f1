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

    @Override
    public void serialize(ControlEvent event, DataOutputView target) throws IOException {
        Fields.text(event.kind(), target);
        target.writeLong(event.time());
    }

    @Override
    public ControlEvent deserialize(DataInputView source) throws IOException {
        return new ControlEvent(Fields.text(source), source.readLong());
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
