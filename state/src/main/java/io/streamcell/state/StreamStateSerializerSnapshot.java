package io.streamcell.state;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Which version of {@link StreamStateSerializer} wrote a checkpoint. Every value names its version,
 * so what an older one wrote is read as it is; what a newer one wrote is refused when the job is
 * restored, before the first record.
 */
public final class StreamStateSerializerSnapshot implements TypeSerializerSnapshot<StreamState> {
    private int written = StreamStateSerializer.VERSION;

    @Override
    public int getCurrentVersion() {
        return 1;
    }

    @Override
    public void writeSnapshot(DataOutputView target) throws IOException {
        target.writeInt(StreamStateSerializer.VERSION);
    }

    @Override
    public void readSnapshot(int version, DataInputView source, ClassLoader loader)
            throws IOException {
        written = source.readInt();
    }

    @Override
    public TypeSerializer<StreamState> restoreSerializer() {
        return StreamStateSerializer.INSTANCE;
    }

    @Override
    public TypeSerializerSchemaCompatibility<StreamState> resolveSchemaCompatibility(
            TypeSerializerSnapshot<StreamState> old) {
        boolean readable =
                old instanceof StreamStateSerializerSnapshot snapshot
                        && snapshot.written <= StreamStateSerializer.VERSION;
        return readable
                ? TypeSerializerSchemaCompatibility.compatibleAsIs()
                : TypeSerializerSchemaCompatibility.incompatible();
    }
}
