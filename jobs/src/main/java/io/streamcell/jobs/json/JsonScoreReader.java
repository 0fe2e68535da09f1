package io.streamcell.jobs.json;

import com.fasterxml.jackson.core.JsonParser;
import io.streamcell.jobs.formats.Floats;
import io.streamcell.jobs.formats.OutputTimes;
import io.streamcell.jobs.formats.ScoreReader;
import io.streamcell.operators.Flags;
import io.streamcell.operators.Header;
import io.streamcell.operators.OutputValues;
import io.streamcell.operators.Score;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads scores straight from their bytes: JSON as {@link JsonRecordWriter} writes it, its fields in
 * any order, with white space, and with others between them.
 */
public final class JsonScoreReader implements ScoreReader {
    private static final int END = -1;
    private static final long[] NO_TIMES = {};
    private static final byte[] STREAM = JsonBytes.ascii("stream");
    private static final byte[] START = JsonBytes.ascii("start");
    private static final byte[] TIME = JsonBytes.ascii("time");
    private static final byte[] OUTPUTS = JsonBytes.ascii("outputs");
    private static final byte[] MODEL = JsonBytes.ascii("model");
    private static final byte[] FLAGS = JsonBytes.ascii("flags");
    private static final byte[] EVENT = JsonBytes.ascii("event");

    private final OutputTimes outputTimes;
    private final boolean values;
    private final FloatText number = new FloatText();
    private final Floats floats = new Floats();
    private byte[] bytes;
    private int at;

    // What was read last; most records name the same model.
    private byte[] labelBytes = {};
    private String label = "";

    private String stream;
    private long start;
    private long[] times;
    private String model;
    private int flags;
    private boolean state;
    private final List<OutputValues> outputs = new ArrayList<>();

    public JsonScoreReader(OutputTimes outputTimes, Wanted wanted) {
        this.outputTimes = outputTimes;
        this.values = wanted == Wanted.EVERYTHING;
    }

    @Override
    public Score read(byte[] key, byte[] value, List<Header> headers) throws IOException {
        if (value == null) {
            return null;
        }
        bytes = value;
        at = 0;
        stream = key == null ? null : new String(key, StandardCharsets.UTF_8);
        start = END;
        times = NO_TIMES;
        model = null;
        flags = 0;
        state = false;
        outputs.clear();
        object();
        return state ? null : score(headers);
    }

    private Score score(List<Header> headers) throws IOException {
        if (stream == null || start < 0 || model == null || outputs.isEmpty()) {
            throw malformed("no stream, start, outputs or model");
        }
        List<OutputValues> told = new ArrayList<>(outputs.size());
        for (OutputValues output : outputs) {
            boolean timed = outputTimes.timed(model, output.name());
            told.add(
                    new OutputValues(
                            output.name(), output.values(), output.rows(), timed, output.dims()));
        }
        return new Score(stream, start, times, told, model, flags, headers);
    }

    private void object() throws IOException {
        expect('{');
        int after;
        do {
            expect('"');
            int from = at;
            skipText();
            int to = at - 1;
            expect(':');
            field(from, to);
            after = next();
        } while (after == ',' && !state);
        if (!state && (after != '}' || next() != END)) {
            throw malformed("something else than one object");
        }
    }

    private void field(int from, int to) throws IOException {
        if (is(STREAM, from, to)) {
            expect('"');
            stream = text();
        } else if (is(START, from, to)) {
            start = whole();
        } else if (is(TIME, from, to)) {
            times = times();
        } else if (is(OUTPUTS, from, to)) {
            outputs();
        } else if (is(MODEL, from, to)) {
            model = label();
        } else if (is(FLAGS, from, to)) {
            flags();
        } else if (is(EVENT, from, to)) {
            expect('"');
            state = text().equals("state");
        } else {
            skip();
        }
    }

    private boolean is(byte[] name, int from, int to) {
        return Arrays.equals(name, 0, name.length, bytes, from, to);
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

    private int peek() throws IOException {
        int next = next();
        if (next == END) {
            throw malformed("an end in the middle");
        }
        at--;
        return next;
    }

    private void expect(char wanted) throws IOException {
        if (next() != wanted) {
            throw malformed("no " + wanted + " before byte " + at);
        }
    }

    /** The text whose opening quote was read. */
    private String text() throws IOException {
        int from = at;
        return skipText()
                ? new String(bytes, from, at - 1 - from, StandardCharsets.UTF_8)
                : unescaped(from - 1, at);
    }

    /** Passes over a text whose opening quote was read; whether nothing in it is escaped. */
    private boolean skipText() throws IOException {
        boolean plain = true;
        while (at < bytes.length) {
            byte b = bytes[at++];
            if (b == '"') {
                return plain;
            }
            if (b == '\\') {
                plain = false;
                at++;
            }
        }
        throw malformed("a text without an end");
    }

    private String unescaped(int from, int to) throws IOException {
        try (JsonParser json = JsonObjects.JSON.createParser(bytes, from, to - from)) {
            json.nextToken();
            return json.getText();
        }
    }

    private String label() throws IOException {
        expect('"');
        int from = at;
        int to = from + labelBytes.length;
        boolean same =
                to < bytes.length
                        && bytes[to] == '"'
                        && Arrays.equals(bytes, from, to, labelBytes, 0, labelBytes.length);
        if (same) {
            at = to + 1;
        } else {
            label = text();
            labelBytes = label.getBytes(StandardCharsets.UTF_8);
        }
        return label;
    }

    private void flags() throws IOException {
        expect('[');
        int after;
        do {
            expect('"');
            flags |= Flags.named(text());
            after = next();
        } while (after == ',');
    }

    private long whole() throws IOException {
        boolean negative = peek() == '-';
        at += negative ? 1 : 0;
        int from = at;
        long whole = 0;
        while (at < bytes.length && bytes[at] >= '0' && bytes[at] <= '9') {
            whole = whole * 10 + bytes[at++] - '0';
        }
        if (at == from) {
            throw malformed("no whole number at byte " + at);
        }
        return negative ? -whole : whole;
    }

    private long[] times() throws IOException {
        if (peek() != '[') {
            return new long[] {whole()};
        }
        next();
        long[] list = new long[16];
        int count = 0;
        int after;
        do {
            if (count == list.length) {
                list = Arrays.copyOf(list, 2 * count);
            }
            list[count++] = whole();
            after = next();
        } while (after == ',');
        return Arrays.copyOf(list, count);
    }

    private void outputs() throws IOException {
        if (peek() == '[') {
            outputs.add(output(null));
            return;
        }
        expect('{');
        int after;
        do {
            expect('"');
            String name = text();
            expect(':');
            outputs.add(output(name));
            after = next();
        } while (after == ',');
    }

    private OutputValues output(String name) throws IOException {
        floats.clear();
        int rows = values ? elements() : skip();
        float[] read = floats.copy();
        int width = rows == 0 ? 0 : read.length / rows;
        return new OutputValues(name, read, rows, true, List.of(width));
    }

    /** Takes in all numbers of a list, and of those in it; how many elements it has itself. */
    private int elements() throws IOException {
        expect('[');
        int count = 0;
        if (peek() == ']') {
            next();
            return count;
        }
        int after;
        do {
            int first = peek();
            if (first == '[') {
                elements();
            } else if (first == '"') {
                next();
                floats.add(Float.parseFloat(text()));
            } else {
                floats.add(number.read(bytes, at));
                if (number.end() == FloatText.NONE) {
                    throw malformed("no number at byte " + at);
                }
                at = number.end();
            }
            count++;
            after = next();
        } while (after == ',');
        return count;
    }

    /** Passes over a value; how many elements it has itself where it is a list. */
    private int skip() throws IOException {
        int first = peek();
        if (first != '[' && first != '{') {
            next();
            if (first == '"') {
                skipText();
            }
            while (!ended()) {
                at++;
            }
            return 0;
        }
        byte[] from = bytes;
        int begin = at + 1;
        int k = begin;
        int depth = 1;
        int commas = 0;
        while (depth > 0) {
            if (k >= from.length) {
                throw malformed("an end in the middle");
            }
            byte b = from[k++];
            if (b == '[' || b == '{') {
                depth++;
            } else if (b == ']' || b == '}') {
                depth--;
            } else if (b == ',' && depth == 1) {
                commas++;
            } else if (b == '"') {
                at = k;
                skipText();
                k = at;
            }
        }
        at = k;
        return commas > 0 || !blank(begin, k - 1) ? commas + 1 : 0;
    }

    /** Whether there is nothing but white space from one byte to another. */
    private boolean blank(int from, int to) {
        for (int k = from; k < to; k++) {
            if (bytes[k] > ' ' || bytes[k] < 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether a value without brackets ends here. */
    private boolean ended() {
        int b = at < bytes.length ? bytes[at] : '}';
        return b == ',' || b == '}' || b == ']' || b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    private static IOException malformed(String found) {
        return new IOException(
                "a recorded score must be JSON as Streamcell writes it, got " + found);
    }
}
