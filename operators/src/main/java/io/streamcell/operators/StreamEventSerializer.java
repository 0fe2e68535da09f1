package io.streamcell.operators;

import io.streamcell.state.ImmutableValueSerializer;
import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Carries events from task to task. */
public final class StreamEventSerializer extends ImmutableValueSerializer<StreamEvent> {
    private static final long serialVersionUID = 1;
    private static final StreamEvent.Kind[] KINDS = StreamEvent.Kind.values();
    private static final long[] NO_TIMES = {};

    // The first byte: the kind, and which fields follow.
    private static final int KIND = 3;
    private static final int MODEL = 4;
    private static final int START = 8;
    private static final int TIMES = 16;
    private static final int STATE = 32;
    private static final int HEADERS = 64;

    @Override
    public void serialize(StreamEvent event, DataOutputView target) throws IOException {
        int fields = fields(event);
        target.writeByte(event.kind().ordinal() | fields);
        Fields.text(event.stream(), target);
        if ((fields & MODEL) != 0) {
            Fields.text(event.model(), target);
        }
        if ((fields & START) != 0) {
            target.writeLong(event.start());
        }
        if ((fields & TIMES) != 0) {
            Fields.longs(event.times(), target);
        }
        Fields.list(event.inputs(), target, StreamEventSerializer::writeInput);
        if ((fields & STATE) != 0) {
            Fields.states(event.state(), target);
            target.writeLong(event.next());
        }
        if ((fields & HEADERS) != 0) {
            Fields.headers(event.headers(), target);
        }
        if (event.kind() == StreamEvent.Kind.RECORDED) {
            RecordedScores.Serializer.write(event.recorded(), target);
        }
    }

    /** Which fields an event has that most do not. */
    private static int fields(StreamEvent event) {
        return (event.model().equals(StreamEvent.DEFAULT_MODEL) ? 0 : MODEL)
                | (event.start() == StreamEvent.UNNUMBERED ? 0 : START)
                | (event.times().length == 0 ? 0 : TIMES)
                | (event.state().isEmpty() && event.next() == StreamEvent.UNNUMBERED ? 0 : STATE)
                | (event.headers().isEmpty() ? 0 : HEADERS);
    }

    @Override
    public StreamEvent deserialize(DataInputView source) throws IOException {
        int fields = source.readUnsignedByte();
        String stream = Fields.text(source);
        String model = (fields & MODEL) == 0 ? StreamEvent.DEFAULT_MODEL : Fields.text(source);
        long start = (fields & START) == 0 ? StreamEvent.UNNUMBERED : source.readLong();
        long[] times = (fields & TIMES) == 0 ? NO_TIMES : Fields.longs(source);
        List<InputValues> inputs = Fields.list(source, StreamEventSerializer::readInput);
        List<LayerState> state = List.of();
        long next = StreamEvent.UNNUMBERED;
        if ((fields & STATE) != 0) {
            state = Fields.states(source);
            next = source.readLong();
        }
        List<Header> headers = (fields & HEADERS) == 0 ? List.of() : Fields.headers(source);
        StreamEvent.Kind kind = KINDS[fields & KIND];
        if (kind == StreamEvent.Kind.RECORDED) {
            return StreamEvent.recorded(stream, model, RecordedScores.Serializer.read(source));
        }
        return new StreamEvent(kind, stream, model, start, times, inputs, state, next, headers);
    }

    private static void writeInput(InputValues input, DataOutputView target) throws IOException {
        Fields.text(input.name(), target);
        Fields.count(input.rows(), target);
        Fields.count(input.columns() - InputValues.FLAT, target);
        Fields.floats(input.values(), target);
    }

    private static InputValues readInput(DataInputView source) throws IOException {
        String name = Fields.text(source);
        int rows = Fields.count(source);
        int columns = Fields.count(source) + InputValues.FLAT;
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
