package io.streamcell.operators;

import io.streamcell.state.FloatArrays;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.apache.flink.types.StringValue;

/**
 * How the fields of events and scores are written between tasks; both ends are always of one
 * version.
 */
final class Fields {
    private Fields() {}

    /** Writes one element of a list. */
    interface Writer<T> {
        void write(T value, DataOutputView target) throws IOException;
    }

    /** Reads one element of a list. */
    interface Reader<T> {
        T read(DataInputView source) throws IOException;
    }

    static <T> void list(List<T> values, DataOutputView target, Writer<T> writer)
            throws IOException {
        target.writeInt(values.size());
        for (T value : values) {
            writer.write(value, target);
        }
    }

    static <T> List<T> list(DataInputView source, Reader<T> reader) throws IOException {
        int size = source.readInt();
        if (size == 0) {
            return List.of();
        }
        List<T> values = new ArrayList<>(size);
        for (int k = 0; k < size; k++) {
            values.add(reader.read(source));
        }
        return values;
    }

    /** A text or null; UTF-16 as it is, so that ids that are no valid Unicode stay distinct. */
    static void text(String text, DataOutputView target) throws IOException {
        StringValue.writeString(text, target);
    }

    static String text(DataInputView source) throws IOException {
        return StringValue.readString(source);
    }

    static void bytes(byte[] bytes, DataOutputView target) throws IOException {
        target.writeInt(bytes == null ? -1 : bytes.length);
        if (bytes != null) {
            target.write(bytes);
        }
    }

    static byte[] bytes(DataInputView source) throws IOException {
        int length = source.readInt();
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        source.readFully(bytes);
        return bytes;
    }

    static void floats(float[] values, DataOutputView target) throws IOException {
        target.writeInt(values.length);
        FloatArrays.write(values, target);
    }

    static float[] floats(DataInputView source) throws IOException {
        return FloatArrays.read(source.readInt(), source);
    }

    static void longs(long[] values, DataOutputView target) throws IOException {
        target.writeInt(values.length);
        for (long value : values) {
            target.writeLong(value);
        }
    }

    static long[] longs(DataInputView source) throws IOException {
        long[] values = new long[source.readInt()];
        for (int k = 0; k < values.length; k++) {
            values[k] = source.readLong();
        }
        return values;
    }

    static void headers(List<Header> headers, DataOutputView target) throws IOException {
        list(
                headers,
                target,
                (header, to) -> {
                    text(header.key(), to);
                    bytes(header.value(), to);
                });
    }

    static List<Header> headers(DataInputView source) throws IOException {
        return list(source, from -> new Header(text(from), bytes(from)));
    }

    static void states(List<LayerState> states, DataOutputView target) throws IOException {
        list(
                states,
                target,
                (state, to) -> {
                    text(state.layer(), to);
                    list(state.tensors(), to, Fields::floats);
                });
    }

    static List<LayerState> states(DataInputView source) throws IOException {
        return list(source, from -> new LayerState(text(from), list(from, Fields::floats)));
    }
}
