package io.streamcell.operators;

import io.streamcell.state.ImmutableValueSerializer;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Carries scores and exported states from task to task. */
public final class OutputRecordSerializer extends ImmutableValueSerializer<OutputRecord> {
    private static final long serialVersionUID = 1;

    @Override
    public void serialize(OutputRecord record, DataOutputView target) throws IOException {
        target.writeBoolean(record instanceof Score);
        Fields.text(record.stream(), target);
        Fields.text(record.model(), target);
        Fields.headers(record.headers(), target);
        if (record instanceof Score score) {
            target.writeLong(score.start());
            Fields.longs(score.times(), target);
            target.writeInt(score.flags());
            Fields.list(score.outputs(), target, OutputRecordSerializer::writeOutput);
        } else if (record instanceof ExportedState state) {
            target.writeLong(state.next());
            Fields.states(state.layers(), target);
        }
    }

    @Override
    public OutputRecord deserialize(DataInputView source) throws IOException {
        boolean score = source.readBoolean();
        String stream = Fields.text(source);
        String model = Fields.text(source);
        var headers = Fields.headers(source);
        if (!score) {
            long next = source.readLong();
            return new ExportedState(stream, next, model, Fields.states(source), headers);
        }
        long start = source.readLong();
        long[] times = Fields.longs(source);
        int flags = source.readInt();
        var outputs = Fields.list(source, OutputRecordSerializer::readOutput);
        return new Score(stream, start, times, outputs, model, flags, headers);
    }

    private static void writeOutput(OutputValues output, DataOutputView target) throws IOException {
        Fields.text(output.name(), target);
        target.writeInt(output.rows());
        target.writeBoolean(output.perTimestep());
        Fields.list(output.dims(), target, (dim, to) -> to.writeInt(dim));
        Fields.floats(output.values(), target);
    }

    private static OutputValues readOutput(DataInputView source) throws IOException {
        String name = Fields.text(source);
        int rows = source.readInt();
        boolean perTimestep = source.readBoolean();
        var dims = Fields.list(source, DataInputView::readInt);
        return new OutputValues(name, Fields.floats(source), rows, perTimestep, dims);
    }

    @Override
    public TypeSerializerSnapshot<OutputRecord> snapshotConfiguration() {
        return new Snapshot();
    }

    /** What a checkpoint says of this serializer. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<OutputRecord> {
        public Snapshot() {
            super(OutputRecordSerializer::new);
        }
    }
}
