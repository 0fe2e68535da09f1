package io.streamcell.operators;

import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Carries scores and exported states from task to task, and copies them where Flink hands them from
 * function to function: the scoring operator fills a score again and again.
 */
public final class OutputRecordSerializer extends TypeSerializerSingleton<OutputRecord> {
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
            target.writeInt(state.flags());
        }
    }

    @Override
    public boolean isImmutableType() {
        return false;
    }

    /** Null, which Flink allows here: there is no empty record. */
    @Override
    public OutputRecord createInstance() {
        return null;
    }

    @Override
    public OutputRecord copy(OutputRecord from) {
        return from instanceof Score score ? score.copy() : from;
    }

    @Override
    public OutputRecord copy(OutputRecord from, OutputRecord reuse) {
        return copy(from);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public OutputRecord deserialize(OutputRecord reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public OutputRecord deserialize(DataInputView source) throws IOException {
        boolean score = source.readBoolean();
        String stream = Fields.text(source);
        String model = Fields.text(source);
        var headers = Fields.headers(source);
        if (!score) {
            long next = source.readLong();
            List<LayerState> layers = Fields.states(source);
            return new ExportedState(stream, next, model, layers, source.readInt(), headers);
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
