package io.streamcell.jobs.savepoints;

import io.streamcell.state.ImmutableValueSerializer;
import io.streamcell.state.StreamStateSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Carries streams of a savepoint from task to task. */
public final class SavedStreamSerializer extends ImmutableValueSerializer<SavedStream> {
    private static final long serialVersionUID = 1;

    @Override
    public void serialize(SavedStream saved, DataOutputView target) throws IOException {
        StringSerializer.INSTANCE.serialize(saved.stream(), target);
        StreamStateSerializer.INSTANCE.serialize(saved.state(), target);
        target.writeBoolean(saved.given());
    }

    @Override
    public SavedStream deserialize(DataInputView source) throws IOException {
        return new SavedStream(
                StringSerializer.INSTANCE.deserialize(source),
                StreamStateSerializer.INSTANCE.deserialize(source),
                source.readBoolean());
    }

    @Override
    public TypeSerializerSnapshot<SavedStream> snapshotConfiguration() {
        return new Snapshot();
    }

    /** What a checkpoint says of this serializer. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<SavedStream> {
        public Snapshot() {
            super(SavedStreamSerializer::new);
        }
    }
}
