package io.streamcell.operators;

import io.streamcell.state.ImmutableValueSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** The bytes of a pinned model in broadcast state; each begins with a version, now 1. */
public final class ModelReferenceSerializer extends ImmutableValueSerializer<ModelReference> {
    private static final long serialVersionUID = 1;
    private static final int VERSION = 1;

    @Override
    public void serialize(ModelReference model, DataOutputView target) throws IOException {
        target.writeByte(VERSION);
        Fields.text(model.uri(), target);
        Fields.text(model.sha256(), target);
        target.writeLong(model.fingerprint());
        Fields.list(model.stateSizes(), target, (size, to) -> to.writeInt(size));
    }

    @Override
    public ModelReference deserialize(DataInputView source) throws IOException {
        int version = source.readUnsignedByte();
        if (version != VERSION) {
            throw new IOException(
                    "a pinned model must have version %d, got %d: it was written by a newer Streamcell"
                            .formatted(VERSION, version));
        }
        return new ModelReference(
                Fields.text(source),
                Fields.text(source),
                source.readLong(),
                Fields.list(source, DataInputView::readInt));
    }

    @Override
    public TypeSerializerSnapshot<ModelReference> snapshotConfiguration() {
        return new Snapshot();
    }

    /** What a checkpoint says of this serializer. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<ModelReference> {
        public Snapshot() {
            super(ModelReferenceSerializer::new);
        }
    }
}
