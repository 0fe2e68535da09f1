package io.streamcell.jobs.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.streamcell.operators.InputValues;
import io.streamcell.operators.Reason;
import io.streamcell.operators.RejectedEventException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads the numbers of a record. One is used again and again; its scratch array only grows. */
final class NumberReader {
    private static final int MOST_DIGITS_OF_A_LONG = 18;

    private float[] scratch = new float[64];
    private int count;

    /** An index of a timestep: a whole number from 0. */
    long index(String field, JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                && parser.getTextLength() <= MOST_DIGITS_OF_A_LONG
                && parser.getLongValue() >= 0) {
            return parser.getLongValue();
        }
        throw new RejectedEventException(
                Reason.NUMBER,
                "%s must be a whole number from 0 to 10^18, got %s"
                        .formatted(field, JsonEventReader.found(parser)));
    }

    /** One event time, or a list of them. */
    long[] times(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            return new long[] {time(parser)};
        }
        long[] times = new long[16];
        int read = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (read == times.length) {
                times = Arrays.copyOf(times, 2 * read);
            }
            times[read++] = time(parser);
        }
        return Arrays.copyOf(times, read);
    }

    private static long time(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                && parser.getTextLength() <= MOST_DIGITS_OF_A_LONG) {
            return parser.getLongValue();
        }
        throw new RejectedEventException(
                Reason.TIME,
                "time must be whole milliseconds since 1970, got " + JsonEventReader.found(parser));
    }

    /**
     * The values of an input: a list of numbers, or a list of rows, whose inner lists are one row
     * whatever their depth.
     */
    InputValues values(String name, JsonParser parser) throws IOException {
        String what = name == null ? "values" : "input " + name;
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw JsonEventReader.format(
                    "%s must be a list, got %s".formatted(what, JsonEventReader.found(parser)));
        }
        count = 0;
        if (parser.nextToken() != JsonToken.START_ARRAY) {
            numbers(what, parser, false);
            return InputValues.flat(name, Arrays.copyOf(scratch, count));
        }
        int rows = 0;
        int columns = 0;
        for (; parser.currentToken() != JsonToken.END_ARRAY; parser.nextToken()) {
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                throw JsonEventReader.format(
                        "%s must be a list of lists, got %s among them"
                                .formatted(what, JsonEventReader.found(parser)));
            }
            int before = count;
            row(what, parser);
            if (rows > 0 && count - before != columns) {
                throw new RejectedEventException(
                        Reason.FEATURE_COUNT,
                        "every row of %s must have equally many numbers, got %d and %d"
                                .formatted(what, columns, count - before));
            }
            columns = count - before;
            rows++;
        }
        return new InputValues(name, Arrays.copyOf(scratch, count), rows, columns);
    }

    private void row(String what, JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_ARRAY) {
            numbers(what, parser, false);
            return;
        }
        for (; parser.currentToken() != JsonToken.END_ARRAY; parser.nextToken()) {
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                throw JsonEventReader.format(
                        "%s must be nested alike, got %s among lists"
                                .formatted(what, JsonEventReader.found(parser)));
            }
            row(what, parser);
        }
    }

    /**
     * The tensors of a layer's state, where a number may also be the text of one that is not
     * finite.
     */
    List<float[]> tensors(String layer, JsonParser parser) throws IOException {
        String what = "the state of layer " + layer;
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw JsonEventReader.format(what + " must be a list of lists");
        }
        List<float[]> tensors = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_ARRAY) {
                throw JsonEventReader.format(what + " must be a list of lists");
            }
            count = 0;
            parser.nextToken();
            numbers(what, parser, true);
            tensors.add(Arrays.copyOf(scratch, count));
        }
        return tensors;
    }

    /** Numbers from the current token to the end of their list. */
    private void numbers(String what, JsonParser parser, boolean names) throws IOException {
        for (JsonToken token = parser.currentToken();
                token != JsonToken.END_ARRAY;
                token = parser.nextToken()) {
            if (count == scratch.length) {
                scratch = Arrays.copyOf(scratch, 2 * count);
            }
            scratch[count++] = number(what, token, parser, names);
        }
    }

    private static float number(String what, JsonToken token, JsonParser parser, boolean names)
            throws IOException {
        if (token == JsonToken.VALUE_NUMBER_FLOAT) {
            return parser.getFloatValue();
        }
        if (token == JsonToken.VALUE_NUMBER_INT) {
            return parser.getTextLength() <= MOST_DIGITS_OF_A_LONG
                    ? parser.getLongValue()
                    : Float.parseFloat(parser.getText());
        }
        if (token == JsonToken.VALUE_STRING) {
            String text = parser.getText();
            boolean known =
                    text.equals("NaN") || text.equals("Infinity") || text.equals("-Infinity");
            if (known && names) {
                return Float.parseFloat(text);
            }
            if (known) {
                throw new RejectedEventException(
                        Reason.NOT_FINITE,
                        "%s must be finite in float32, got %s".formatted(what, text));
            }
        }
        throw JsonEventReader.format(
                "%s must be numbers, got %s".formatted(what, JsonEventReader.found(parser)));
    }
}
