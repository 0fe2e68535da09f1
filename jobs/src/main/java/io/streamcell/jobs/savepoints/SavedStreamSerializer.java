package io.streamcell.jobs.savepoints;

import io.streamcell.jobs.savepoints.SavedStream.Origin;
import io.streamcell.operators.HeldChunk;
import io.streamcell.state.ImmutableValueSerializer;
import io.streamcell.state.StreamStateSerializer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.api.common.typeutils.base.array.FloatPrimitiveArraySerializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Carries streams of a savepoint from task to task. */
public final class SavedStreamSerializer extends ImmutableValueSerializer<SavedStream> {
    private static final long serialVersionUID = 1;

    private final HeldChunk.Serializer chunks = new HeldChunk.Serializer();

    @Override
    public void serialize(SavedStream saved, DataOutputView target) throws IOException {
        target.writeByte(saved.origin().ordinal());
        StringSerializer.INSTANCE.serialize(saved.stream(), target);
        StringSerializer.INSTANCE.serialize(saved.model(), target);
        StreamStateSerializer.INSTANCE.serialize(saved.state(), target);
        target.writeInt(saved.held().size());
        for (HeldChunk chunk : saved.held()) {
            chunks.serialize(chunk, target);
        }
        target.writeBoolean(saved.kept() != null);
        if (saved.kept() != null) {
            FloatPrimitiveArraySerializer.INSTANCE.serialize(saved.kept(), target);
        }
    }

    @Override
    public SavedStream deserialize(DataInputView source) throws IOException {
        Origin origin = Origin.values()[source.readByte()];
        String stream = StringSerializer.INSTANCE.deserialize(source);
        String model = StringSerializer.INSTANCE.deserialize(source);
        var state = StreamStateSerializer.INSTANCE.deserialize(source);
        List<HeldChunk> held = new ArrayList<>();
        for (int left = source.readInt(); left > 0; left--) {
            held.add(chunks.deserialize(source));
        }
        float[] kept =
                source.readBoolean()
                        ? FloatPrimitiveArraySerializer.INSTANCE.deserialize(source)
                        : null;
        return new SavedStream(origin, stream, model, state, held, kept);
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
