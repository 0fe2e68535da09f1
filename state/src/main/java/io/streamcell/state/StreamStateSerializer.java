package io.streamcell.state;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * The bytes of a {@link StreamState}. All versions can be read; of those that hold the value the
 * oldest is written. Little-endian:
 *
 * <pre>
 *   u8   version, 1 to 3
 *   u8   pending flags
 *   u8   number of models
 *   i64  next timestep
 *   i64  greatest event time
 *   from version 2 on:  i64 resets of every stream that it saw,
 *                       i32 number of resets to come by timestep, the i64 timesteps,
 *                       i32 number of resets to come by event time, the i64 times
 *   from version 3 on:  i64 change of model that it went through,
 *                       i64 event time of its expiry timer,
 *                       i32 number of chunks that are held
 *   per model:  i64 fingerprint, i32 number of floats, the floats as float32
 * </pre>
 *
 * <p>31 bytes on top of the floats for one model, where nothing is to come.
 */
public final class StreamStateSerializer extends ImmutableValueSerializer<StreamState> {
    private static final long serialVersionUID = 1;
    static final int VERSION = 3;

    public static final StreamStateSerializer INSTANCE = new StreamStateSerializer();

    @Override
    public void serialize(StreamState state, DataOutputView target) throws IOException {
        Ahead ahead = state.ahead();
        int version = ahead.hasMore() ? VERSION : ahead.hasResets() ? 2 : 1;
        target.writeByte(version);
        target.writeByte(state.pendingFlags());
        target.writeByte(state.vectors().size());
        writeLong(state.next(), target);
        writeLong(state.lastTime(), target);
        if (version >= 2) {
            writeLong(ahead.resetAllsSeen(), target);
            writeLongs(ahead.resets(), target);
            writeLongs(ahead.resetTimes(), target);
        }
        if (version >= 3) {
            writeLong(ahead.modelChange(), target);
            writeLong(ahead.expiry(), target);
            target.writeInt(Integer.reverseBytes(ahead.heldChunks()));
        }
        for (StreamState.Vector vector : state.vectors()) {
            writeLong(vector.fingerprint(), target);
            target.writeInt(Integer.reverseBytes(vector.floats().length));
            FloatArrays.write(vector.floats(), target);
        }
    }

    @Override
    public StreamState deserialize(DataInputView source) throws IOException {
        int version = source.readUnsignedByte();
        if (version < 1 || version > VERSION) {
            throw new IOException(
                    "a stream's state must have version %d or older, got %d: it was written by a newer Streamcell"
                            .formatted(VERSION, version));
        }
        int flags = source.readUnsignedByte();
        int models = source.readUnsignedByte();
        long next = readLong(source);
        long lastTime = readLong(source);
        Ahead ahead = readAhead(version, source);
        List<StreamState.Vector> vectors = new ArrayList<>(models);
        for (int k = 0; k < models; k++) {
            long fingerprint = readLong(source);
            int count = Integer.reverseBytes(source.readInt());
            vectors.add(new StreamState.Vector(fingerprint, FloatArrays.read(count, source)));
        }
        return new StreamState(next, lastTime, flags, ahead, vectors);
    }

    private static Ahead readAhead(int version, DataInputView source) throws IOException {
        if (version < 2) {
            return Ahead.NOTHING;
        }
        long seen = readLong(source);
        long[] resets = readLongs(source);
        long[] times = readLongs(source);
        if (version < 3) {
            return Ahead.resets(resets, times, seen);
        }
        long modelChange = readLong(source);
        long expiry = readLong(source);
        int held = Integer.reverseBytes(source.readInt());
        return new Ahead(resets, times, seen, modelChange, expiry, held);
    }

    private static void writeLongs(long[] values, DataOutputView target) throws IOException {
        target.writeInt(Integer.reverseBytes(values.length));
        for (long value : values) {
            writeLong(value, target);
        }
    }

    private static long[] readLongs(DataInputView source) throws IOException {
        long[] values = new long[Integer.reverseBytes(source.readInt())];
        for (int k = 0; k < values.length; k++) {
            values[k] = readLong(source);
        }
        return values;
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
