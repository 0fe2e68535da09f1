package io.streamcell.jobs.json;

import io.streamcell.jobs.formats.EventDraft;
import io.streamcell.jobs.formats.Floats;
import io.streamcell.operators.InputValues;
import io.streamcell.operators.StreamEvent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads the events that come all the time straight from their bytes: one JSON object in ASCII, of
 * {@code stream}, {@code values}, {@code start} and {@code time}, without escapes, negative times
 * or empty lists. Everything else it leaves to {@link EventParser}, also to say what is wrong with
 * it; what both read, they read alike. Not for use by several threads.
 */
final class PlainChunks {
    private static final byte[] STREAM = JsonBytes.ascii("stream");
    private static final byte[] VALUES = JsonBytes.ascii("values");
    private static final byte[] START = JsonBytes.ascii("start");
    private static final byte[] TIME = JsonBytes.ascii("time");

    private static final int END = -1;
    private static final int LONGEST_TEXT = 1000;

    /** So many digits are below 2^53, and below the greatest event time. */
    private static final int MOST_DIGITS = 15;

    private static final long NONE = -1;

    private final FloatText number = new FloatText();
    private final Floats floats = new Floats();
    private byte[] bytes;
    private int at;
    private int textBegan;

    /** The record's fields, or null where it is not plain. */
    EventDraft read(byte[] record) {
        bytes = record;
        at = 0;
        EventDraft draft = new EventDraft();
        boolean plain = object(draft);
        bytes = null;
        return plain ? draft : null;
    }

    private boolean object(EventDraft draft) {
        if (next() != '{') {
            return false;
        }
        int after;
        do {
            if (!field(draft)) {
                return false;
            }
            after = next();
        } while (after == ',');
        return after == '}' && next() == END;
    }

    /** The next byte that is not white space, taken off. */
    private int next() {
        while (at < bytes.length) {
            byte b = bytes[at++];
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return b & 0xFF;
            }
        }
        return END;
    }

    /** A field that was not there before; false if it is not plain. */
    private boolean field(EventDraft draft) {
        int to = text();
        int from = textBegan;
        if (to < 0 || next() != ':') {
            return false;
        }
        if (is(VALUES, from, to) && draft.values == null) {
            draft.values = values();
            return draft.values != null;
        }
        if (is(STREAM, from, to) && draft.stream == null) {
            int end = text();
            draft.stream = end < 0 ? null : ascii(textBegan, end);
            return end >= 0;
        }
        if (is(START, from, to) && draft.start == StreamEvent.UNNUMBERED) {
            draft.start = whole();
            return draft.start != NONE;
        }
        if (is(TIME, from, to) && draft.times == null) {
            draft.times = times();
            return draft.times != null;
        }
        return false;
    }

    private boolean is(byte[] name, int from, int to) {
        return Arrays.equals(name, 0, name.length, bytes, from, to);
    }

    private String ascii(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** Where a text's characters end, which begin at {@link #textBegan}; negative if not plain. */
    private int text() {
        if (next() != '"') {
            return END;
        }
        textBegan = at;
        int limit = Math.min(bytes.length, at + LONGEST_TEXT);
        while (at < limit) {
            byte b = bytes[at++];
            if (b == '"') {
                return at - 1;
            }
            if (b < ' ' || b > '~' || b == '\\') {
                return END;
            }
        }
        return END;
    }

    /** A whole number without a sign, or {@link #NONE}. */
    private long whole() {
        if (next() == END) {
            return NONE;
        }
        at--;
        int from = at;
        long whole = 0;
        while (at < bytes.length && bytes[at] >= '0' && bytes[at] <= '9') {
            whole = whole * 10 + bytes[at++] - '0';
        }
        int digits = at - from;
        boolean plain = digits > 0 && digits <= MOST_DIGITS && (digits == 1 || bytes[from] != '0');
        return plain ? whole : NONE;
    }

    private long[] times() {
        int first = next();
        if (first != '[') {
            at--;
            long time = whole();
            return first == END || time == NONE ? null : new long[] {time};
        }
        long[] times = new long[16];
        int count = 0;
        int after;
        do {
            if (count == times.length) {
                times = Arrays.copyOf(times, count * 2);
            }
            times[count] = whole();
            if (times[count++] == NONE) {
                return null;
            }
            after = next();
        } while (after == ',');
        return after == ']' ? Arrays.copyOf(times, count) : null;
    }

    /** Rows of numbers, equally wide, or numbers. */
    private InputValues values() {
        floats.clear();
        if (next() != '[') {
            return null;
        }
        int first = next();
        if (first != '[') {
            at--;
            return first != END && numbers() ? InputValues.flat(null, floats.copy()) : null;
        }
        int rows = 0;
        int columns = 0;
        int after;
        do {
            if (rows > 0 && next() != '[' || !numbers()) {
                return null;
            }
            int width = floats.count() - columns * rows;
            columns = rows == 0 ? width : columns;
            if (width != columns) {
                return null;
            }
            rows++;
            after = next();
        } while (after == ',');
        return after == ']' ? new InputValues(null, floats.copy(), rows, columns) : null;
    }

    /** Takes numbers in up to the end of their list, one at least. */
    private boolean numbers() {
        int after;
        do {
            if (next() == END) {
                return false;
            }
            at--;
            float value = number.read(bytes, at);
            if (number.end() == FloatText.NONE) {
                return false;
            }
            floats.add(value);
            at = number.end();
            after = next();
        } while (after == ',');
        return after == ']';
    }
}
