package io.streamcell.operators;

import io.streamcell.state.ImmutableValueSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Carries events from task to task. */
public final class StreamEventSerializer extends ImmutableValueSerializer<StreamEvent> {
    private static final long serialVersionUID = 1;
    private static final StreamEvent.Kind[] KINDS = StreamEvent.Kind.values();

    @Override
    public void serialize(StreamEvent event, DataOutputView target) throws IOException {
        target.writeByte(event.kind().ordinal());
        Fields.text(event.stream(), target);
        Fields.text(event.model(), target);
        target.writeLong(event.start());
        Fields.longs(event.times(), target);
        Fields.list(event.inputs(), target, StreamEventSerializer::writeInput);
        Fields.states(event.state(), target);
        target.writeLong(event.next());
        Fields.headers(event.headers(), target);
    }

    @Override
    public StreamEvent deserialize(DataInputView source) throws IOException {
        return new StreamEvent(
                KINDS[source.readByte()],
                Fields.text(source),
                Fields.text(source),
                source.readLong(),
                Fields.longs(source),
                Fields.list(source, StreamEventSerializer::readInput),
                Fields.states(source),
                source.readLong(),
                Fields.headers(source));
    }

    private static void writeInput(InputValues input, DataOutputView target) throws IOException {
        Fields.text(input.name(), target);
        target.writeInt(input.rows());
        target.writeInt(input.columns());
        Fields.floats(input.values(), target);
    }

    private static InputValues readInput(DataInputView source) throws IOException {
        String name = Fields.text(source);
        int rows = source.readInt();
        int columns = source.readInt();
        return new InputValues(name, Fields.floats(source), rows, columns);
    }

    @Override
    public TypeSerializerSnapshot<StreamEvent> snapshotConfiguration() {
        return new Snapshot();
    }

    /** What a checkpoint says of this serializer. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<StreamEvent> {
        public Snapshot() {
            super(StreamEventSerializer::new);
        }
    }
}
