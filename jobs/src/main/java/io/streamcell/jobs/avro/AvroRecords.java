package io.streamcell.jobs.avro;

import io.streamcell.jobs.formats.RecordWriter;
import io.streamcell.operators.ExportedState;
import io.streamcell.operators.Flags;
import io.streamcell.operators.LayerState;
import io.streamcell.operators.OutputRecord;
import io.streamcell.operators.OutputValues;
import io.streamcell.operators.Score;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/**
 * Writes scores and states by the schemas {@code io.streamcell.Score} and {@code
 * io.streamcell.State}; where both stand in one topic, by the union of the two.
 */
public final class AvroRecords implements RecordWriter {
    private final byte[] beforeScore;
    private final byte[] beforeState;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final BinaryEncoder out = EncoderFactory.get().directBinaryEncoder(bytes, null);

    private AvroRecords(byte[] beforeScore, byte[] beforeState) {
        this.beforeScore = beforeScore;
        this.beforeState = beforeState;
    }

    /**
     * A writer whose schemas are registered.
     *
     * @param registry or null
     * @throws io.streamcell.jobs.config.ConfigurationException if the registry refuses a schema
     */
    public static AvroRecords of(SchemaRegistry registry, String scoreTopic, String stateTopic) {
        if (!scoreTopic.equals(stateTopic)) {
            return new AvroRecords(
                    Frame.of(registry, scoreTopic, Schemas.SCORE),
                    Frame.of(registry, stateTopic, Schemas.STATE));
        }
        byte[] frame = Frame.of(registry, scoreTopic, Schemas.SCORE_OR_STATE);
        return new AvroRecords(branch(frame, 0), branch(frame, 1));
    }

    /** The frame and the index of a union's branch, which Avro writes as twice itself. */
    private static byte[] branch(byte[] frame, int index) {
        byte[] before = Arrays.copyOf(frame, frame.length + 1);
        before[frame.length] = (byte) (2 * index);
        return before;
    }

    @Override
    public List<Payload> write(OutputRecord record) {
        bytes.reset();
        try {
            if (record instanceof Score score) {
                bytes.writeBytes(beforeScore);
                score(score);
            } else if (record instanceof ExportedState state) {
                bytes.writeBytes(beforeState);
                state(state);
            }
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return List.of(new Payload(bytes.toByteArray(), record.headers()));
    }

    private void score(Score score) throws IOException {
        out.writeString(score.stream());
        out.writeLong(score.start());
        times(score.times());
        start(score.outputs().size());
        for (OutputValues output : score.outputs()) {
            out.startItem();
            output(output);
        }
        out.writeArrayEnd();
        out.writeString(score.model());
        flags(score.flags());
    }

    private void flags(int flags) throws IOException {
        List<String> names = Flags.names(flags);
        start(names.size());
        for (String name : names) {
            out.startItem();
            out.writeString(name);
        }
        out.writeArrayEnd();
    }

    private void times(long[] times) throws IOException {
        out.writeIndex(Math.min(times.length, 2));
        if (times.length == 1) {
            out.writeLong(times[0]);
        } else if (times.length > 1) {
            start(times.length);
            for (long time : times) {
                out.startItem();
                out.writeLong(time);
            }
            out.writeArrayEnd();
        }
    }

    private void output(OutputValues output) throws IOException {
        out.writeIndex(output.name() == null ? 0 : 1);
        if (output.name() != null) {
            out.writeString(output.name());
        }
        start(1 + output.dims().size());
        out.startItem();
        out.writeInt(output.rows());
        for (int dim : output.dims()) {
            out.startItem();
            out.writeInt(dim);
        }
        out.writeArrayEnd();
        floats(output.values());
    }

    private void state(ExportedState state) throws IOException {
        out.writeString(state.stream());
        out.writeLong(state.next());
        out.writeString(state.model());
        out.writeMapStart();
        out.setItemCount(state.layers().size());
        for (LayerState layer : state.layers()) {
            out.startItem();
            out.writeString(layer.layer());
            start(layer.tensors().size());
            for (float[] tensor : layer.tensors()) {
                out.startItem();
                floats(tensor);
            }
            out.writeArrayEnd();
        }
        out.writeMapEnd();
        flags(state.flags());
    }

    private void floats(float[] values) throws IOException {
        start(values.length);
        for (float value : values) {
            out.startItem();
            out.writeFloat(value);
        }
        out.writeArrayEnd();
    }

    private void start(int count) throws IOException {
        out.writeArrayStart();
        out.setItemCount(count);
    }
}
