package io.streamcell.operators;

import io.streamcell.state.ImmutableValueSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Carries what a source read from task to task, where the two are not chained. */
public final class IncomingSerializer extends ImmutableValueSerializer<Incoming> {
    private static final long serialVersionUID = 1;

    private final StreamEventSerializer events = new StreamEventSerializer();
    private final RejectedSerializer rejected = new RejectedSerializer();

    @Override
    public void serialize(Incoming incoming, DataOutputView target) throws IOException {
        target.writeBoolean(incoming.event() != null);
        if (incoming.event() != null) {
            events.serialize(incoming.event(), target);
        } else {
            rejected.serialize(incoming.rejected(), target);
        }
    }

    @Override
    public Incoming deserialize(DataInputView source) throws IOException {
        return source.readBoolean()
                ? Incoming.of(events.deserialize(source))
                : Incoming.of(rejected.deserialize(source));
    }

    @Override
    public TypeSerializerSnapshot<Incoming> snapshotConfiguration() {
        return new Snapshot();
    }

    /** What a checkpoint says of this serializer. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<Incoming> {
        public Snapshot() {
            super(IncomingSerializer::new);
        }
    }
}
