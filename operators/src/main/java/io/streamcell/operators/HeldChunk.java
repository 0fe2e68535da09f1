package io.streamcell.operators;

import io.streamcell.state.ImmutableValueSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * A chunk that came too early, in keyed state.
 *
 * @param timestamp of its record
 * @param until the event time up to which it waits
 */
public record HeldChunk(StreamEvent event, long timestamp, long until) {
    /** The same chunk of another stream. */
    public HeldChunk of(String stream) {
        return new HeldChunk(event.withStream(stream), timestamp, until);
    }

    /** Its bytes in keyed state; each begins with a version, now 1. */
    public static final class Serializer extends ImmutableValueSerializer<HeldChunk> {
        private static final long serialVersionUID = 1;
        private static final int VERSION = 1;

        private final StreamEventSerializer events = new StreamEventSerializer();

        @Override
        public void serialize(HeldChunk chunk, DataOutputView target) throws IOException {
            target.writeByte(VERSION);
            events.serialize(chunk.event(), target);
            target.writeLong(chunk.timestamp());
            target.writeLong(chunk.until());
        }

        @Override
        public HeldChunk deserialize(DataInputView source) throws IOException {
            int version = source.readUnsignedByte();
            if (version != VERSION) {
                throw new IOException(
                        "a held chunk must have version %d, got %d: it was written by a newer Streamcell"
                                .formatted(VERSION, version));
            }
            return new HeldChunk(events.deserialize(source), source.readLong(), source.readLong());
        }

        @Override
        public TypeSerializerSnapshot<HeldChunk> snapshotConfiguration() {
            return new Snapshot();
        }
    }

    /** What a checkpoint says of the serializer. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<HeldChunk> {
        public Snapshot() {
            super(Serializer::new);
        }
    }
}
