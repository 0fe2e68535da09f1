package io.streamcell.operators;

import io.streamcell.state.FloatArrays;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * How the fields of events and scores are written between tasks; both ends are always of one
 * version.
 */
final class Fields {
    private static final int NO_TEXT = 0;
    private static final int NARROW = 1;
    private static final int WIDE = 2;

    private Fields() {}

    /** Writes one element of a list. */
    interface Writer<T> {
        void write(T value, DataOutputView target) throws IOException;
    }

    /** Reads one element of a list. */
    interface Reader<T> {
        T read(DataInputView source) throws IOException;
    }

    /** A number that is not negative, in a byte for each seven of its bits. */
    static void count(int count, DataOutputView target) throws IOException {
        int left = count;
        while (left > 0x7F) {
            target.writeByte(left & 0x7F | 0x80);
            left >>>= 7;
        }
        target.writeByte(left);
    }

    static int count(DataInputView source) throws IOException {
        int count = 0;
        for (int shift = 0; ; shift += 7) {
            int part = source.readUnsignedByte();
            count |= (part & 0x7F) << shift;
            if (part <= 0x7F) {
                return count;
            }
        }
    }

    static <T> void list(List<T> values, DataOutputView target, Writer<T> writer)
            throws IOException {
        count(values.size(), target);
        for (int k = 0; k < values.size(); k++) {
            writer.write(values.get(k), target);
        }
    }

    static <T> List<T> list(DataInputView source, Reader<T> reader) throws IOException {
        int size = count(source);
        if (size == 0) {
            return List.of();
        }
        if (size == 1) {
            return List.of(reader.read(source));
        }
        List<T> values = new ArrayList<>(size);
        for (int k = 0; k < size; k++) {
            values.add(reader.read(source));
        }
        return values;
    }

    /**
     * A text or null: a byte for each character where all are Latin-1, else UTF-16 as it is, so
     * that ids that are no valid Unicode stay distinct.
     */
    static void text(String text, DataOutputView target) throws IOException {
        if (text == null) {
            target.writeByte(NO_TEXT);
            return;
        }
        boolean narrow = narrow(text);
        target.writeByte(narrow ? NARROW : WIDE);
        count(text.length(), target);
        for (int k = 0; k < text.length(); k++) {
            if (narrow) {
                target.writeByte(text.charAt(k));
            } else {
                target.writeChar(text.charAt(k));
            }
        }
    }

    private static boolean narrow(String text) {
        int all = 0;
        for (int k = 0; k < text.length(); k++) {
            all |= text.charAt(k);
        }
        return all <= 0xFF;
    }

    static String text(DataInputView source) throws IOException {
        int kind = source.readByte();
        if (kind == NO_TEXT) {
            return null;
        }
        int length = count(source);
        if (kind == NARROW) {
            byte[] bytes = new byte[length];
            source.readFully(bytes);
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
        char[] chars = new char[length];
        for (int k = 0; k < length; k++) {
            chars[k] = source.readChar();
        }
        return new String(chars);
    }

    /** Bytes or null. */
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
        count(values.length, target);
        FloatArrays.write(values, target);
    }

    static float[] floats(DataInputView source) throws IOException {
        return FloatArrays.read(count(source), source);
    }

    static void longs(long[] values, DataOutputView target) throws IOException {
        count(values.length, target);
        for (long value : values) {
            target.writeLong(value);
        }
    }

    static long[] longs(DataInputView source) throws IOException {
        long[] values = new long[count(source)];
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
