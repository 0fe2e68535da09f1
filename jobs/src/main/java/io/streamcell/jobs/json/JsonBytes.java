package io.streamcell.jobs.json;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A JSON record as it is written, byte by byte; used again for the next one. Who writes sees to it
 * that what is written is JSON.
 */
final class JsonBytes {
    private static final int KEPT = 1 << 20;
    private static final int USUAL = 4096;
    private static final int LONGEST_NUMBER = 20;

    private byte[] bytes = new byte[USUAL];
    private int count;

    /** Starts again; room that only a very long record needed is given back. */
    JsonBytes clear() {
        if (bytes.length > KEPT) {
            bytes = new byte[USUAL];
        }
        count = 0;
        return this;
    }

    byte[] copy() {
        return Arrays.copyOf(bytes, count);
    }

    /** What never changes, to be given to {@link #raw}. */
    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    JsonBytes raw(byte[] ascii) {
        room(ascii.length);
        System.arraycopy(ascii, 0, bytes, count, ascii.length);
        count += ascii.length;
        return this;
    }

    JsonBytes raw(char ascii) {
        room(1);
        bytes[count++] = (byte) ascii;
        return this;
    }

    /** A text in quotes. */
    JsonBytes text(String text) {
        room(text.length() + 2);
        int at = count;
        bytes[at++] = '"';
        for (int k = 0; k < text.length(); k++) {
            char c = text.charAt(k);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                return escaped(text);
            }
            bytes[at++] = (byte) c;
        }
        bytes[at++] = '"';
        count = at;
        return this;
    }

    private JsonBytes escaped(String text) {
        return raw('"').raw(JsonStringEncoder.getInstance().quoteAsUTF8(text)).raw('"');
    }

    /** The shortest decimal that reads back; a text where the value is not finite. */
    JsonBytes number(float value) {
        if (!Float.isFinite(value)) {
            return text(String.valueOf(value));
        }
        room(ShortestFloat.MOST_BYTES);
        count = ShortestFloat.write(value, bytes, count);
        return this;
    }

    JsonBytes number(long value) {
        if (value < 0) {
            return raw(ascii(Long.toString(value)));
        }
        room(LONGEST_NUMBER);
        int length = 1;
        for (long rest = value / 10; rest > 0; rest /= 10) {
            length++;
        }
        long left = value;
        for (int k = count + length - 1; k >= count; k--) {
            bytes[k] = (byte) ('0' + left % 10);
            left /= 10;
        }
        count += length;
        return this;
    }

    private void room(int more) {
        if (bytes.length - count < more) {
            long wanted = Math.max(count + (long) more, 2L * bytes.length);
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8, wanted));
        }
    }
}
