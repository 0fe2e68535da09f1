package io.streamcell.state;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * The bytes of a {@link StreamState}. All versions can be read, the newest is written. Version 1,
 * little-endian:
 *
 * <pre>
 *   u8   version, 1
 *   u8   pending flags
 *   u8   number of models
 *   i64  next timestep
 *   i64  greatest event time
 *   per model:  i64 fingerprint, i32 number of floats, the floats as float32
 * </pre>
 *
 * <p>31 bytes on top of the floats for one model.
 */
public final class StreamStateSerializer extends ImmutableValueSerializer<StreamState> {
    private static final long serialVersionUID = 1;
    static final int VERSION = 1;

    public static final StreamStateSerializer INSTANCE = new StreamStateSerializer();

    @Override
    public void serialize(StreamState state, DataOutputView target) throws IOException {
        target.writeByte(VERSION);
        target.writeByte(state.pendingFlags());
        target.writeByte(state.vectors().size());
        writeLong(state.next(), target);
        writeLong(state.lastTime(), target);
        for (StreamState.Vector vector : state.vectors()) {
            writeLong(vector.fingerprint(), target);
            target.writeInt(Integer.reverseBytes(vector.floats().length));
            FloatArrays.write(vector.floats(), target);
        }
    }

    @Override
    public StreamState deserialize(DataInputView source) throws IOException {
        int version = source.readUnsignedByte();
        if (version != VERSION) {
            throw new IOException(
                    "a stream's state must have version %d or older, got %d: it was written by a newer Streamcell"
                            .formatted(VERSION, version));
        }
        int flags = source.readUnsignedByte();
        int models = source.readUnsignedByte();
        long next = readLong(source);
        long lastTime = readLong(source);
        List<StreamState.Vector> vectors = new ArrayList<>(models);
        for (int k = 0; k < models; k++) {
            long fingerprint = readLong(source);
            int count = Integer.reverseBytes(source.readInt());
            vectors.add(new StreamState.Vector(fingerprint, FloatArrays.read(count, source)));
        }
        return new StreamState(next, lastTime, flags, vectors);
    }

    private static void writeLong(long value, DataOutputView target) throws IOException {
        target.writeLong(Long.reverseBytes(value));
    }

    private static long readLong(DataInputView source) throws IOException {
        return Long.reverseBytes(source.readLong());
    }

    @Override
    public TypeSerializerSnapshot<StreamState> snapshotConfiguration() {
        return new StreamStateSerializerSnapshot();
    }
}
