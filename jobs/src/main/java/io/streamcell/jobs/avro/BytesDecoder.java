package io.streamcell.jobs.avro;

import io.streamcell.jobs.formats.Utf8;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.apache.avro.io.Decoder;

/**
 * Avro's binary encoding in an array that anybody may have made. Avro's own decoder believes a
 * length before it has seen so many bytes, and would take memory, or time, for what is not there:
 * here every length must fit into the rest of the array, and text must be UTF-8.
 */
final class BytesDecoder extends Decoder {
    private ByteBuffer bytes = ByteBuffer.allocate(0);

    /** Starts to read at an index of an array, which is not modified. */
    void begin(byte[] array, int from) {
        bytes =
                ByteBuffer.wrap(array, from, array.length - from)
                        .slice()
                        .order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Bytes that are not read yet. */
    int remaining() {
        return bytes.remaining();
    }

    private ByteBuffer take(int count) throws IOException {
        if (count < 0 || count > bytes.remaining()) {
            throw new EOFException(
                    "%d bytes more, of which there are %d".formatted(count, bytes.remaining()));
        }
        ByteBuffer taken = bytes.slice(bytes.position(), count).order(ByteOrder.LITTLE_ENDIAN);
        bytes.position(bytes.position() + count);
        return taken;
    }

    private int length() throws IOException {
        long length = readLong();
        if (length < 0 || length > bytes.remaining()) {
            throw new EOFException(
                    "a length of %d, with %d bytes left".formatted(length, bytes.remaining()));
        }
        return (int) length;
    }

    @Override
    public void readNull() {}

    @Override
    public boolean readBoolean() throws IOException {
        return take(1).get() == 1;
    }

    @Override
    public int readInt() throws IOException {
        long value = readLong();
        if (value != (int) value) {
            throw new IOException("an int of " + value);
        }
        return (int) value;
    }

    /** Base 128, the least significant first, and the sign in the lowest bit. */
    @Override
    public long readLong() throws IOException {
        long raw = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            if (!bytes.hasRemaining()) {
                throw new EOFException("a number without an end");
            }
            byte b = bytes.get();
            raw |= (b & 0x7FL) << shift;
            if (b >= 0) {
                return raw >>> 1 ^ -(raw & 1);
            }
        }
        throw new IOException("a number of more than 10 bytes");
    }

    @Override
    public float readFloat() throws IOException {
        if (bytes.remaining() < Float.BYTES) {
            throw new EOFException("a float of " + bytes.remaining() + " bytes");
        }
        return bytes.getFloat();
    }

    @Override
    public double readDouble() throws IOException {
        return take(Double.BYTES).getDouble();
    }

    @Override
    public String readString() throws IOException {
        byte[] text = array(length());
        if (!Utf8.wellFormed(text)) {
            throw new IOException("text that is not UTF-8");
        }
        return new String(text, StandardCharsets.UTF_8);
    }

    @Override
    public org.apache.avro.util.Utf8 readString(org.apache.avro.util.Utf8 old) throws IOException {
        return new org.apache.avro.util.Utf8(readString());
    }

    @Override
    public void skipString() throws IOException {
        take(length());
    }

    @Override
    public ByteBuffer readBytes(ByteBuffer old) throws IOException {
        return ByteBuffer.wrap(array(length()));
    }

    private byte[] array(int length) throws IOException {
        byte[] array = new byte[length];
        take(length).get(array);
        return array;
    }

    @Override
    public void skipBytes() throws IOException {
        take(length());
    }

    @Override
    public void readFixed(byte[] target, int start, int length) throws IOException {
        take(length).get(target, start, length);
    }

    @Override
    public void skipFixed(int length) throws IOException {
        take(length);
    }

    @Override
    public int readEnum() throws IOException {
        return readInt();
    }

    @Override
    public int readIndex() throws IOException {
        return readInt();
    }

    /** Items of a block; each has at least one byte. A negative count is followed by a length. */
    private long items() throws IOException {
        long count = readLong();
        if (count < 0) {
            count = -count;
            readLong();
        }
        if (count < 0 || count > bytes.remaining()) {
            throw new EOFException(
                    "%d items, with %d bytes left".formatted(count, bytes.remaining()));
        }
        return count;
    }

    @Override
    public long readArrayStart() throws IOException {
        return items();
    }

    @Override
    public long arrayNext() throws IOException {
        return items();
    }

    @Override
    public long skipArray() throws IOException {
        return items();
    }

    @Override
    public long readMapStart() throws IOException {
        return items();
    }

    @Override
    public long mapNext() throws IOException {
        return items();
    }

    @Override
    public long skipMap() throws IOException {
        return items();
    }
}
