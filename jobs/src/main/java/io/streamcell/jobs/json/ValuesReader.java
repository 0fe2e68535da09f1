package io.streamcell.jobs.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.streamcell.jobs.formats.Floats;
import io.streamcell.jobs.formats.UnequalRows;
import io.streamcell.operators.InputValues;
import io.streamcell.operators.Reason;
import io.streamcell.operators.RejectedEventException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Reads lists of numbers. {@code [1,2]} is flat; {@code [[1,2],[3,4]]} has rows; deeper lists are
 * flattened into their row. Not for use by several threads.
 */
final class ValuesReader {
    private final Floats floats = new Floats();
    private final FloatText number = new FloatText();

    /**
     * The values of an input; the parser stands on the first token of the field's value.
     *
     * @param name of the input, or null for {@code values}
     * @throws RejectedEventException if they are not lists of numbers, or rows differ in width
     */
    InputValues values(JsonParser parser, String name) throws IOException {
        expectList(parser, name);
        floats.clear();
        if (parser.nextToken() != JsonToken.START_ARRAY) {
            numbers(parser, name);
            return InputValues.flat(name, floats.copy());
        }
        int rows = 0;
        int columns = 0;
        while (parser.currentToken() != JsonToken.END_ARRAY) {
            expectList(parser, name);
            int before = floats.count();
            row(parser, name);
            int width = floats.count() - before;
            if (rows > 0 && width != columns || width == 0) {
                throw UnequalRows.found(name, rows, columns, width);
            }
            columns = width;
            rows++;
            parser.nextToken();
        }
        return new InputValues(name, floats.copy(), rows, columns);
    }

    /**
     * One tensor of a state; numbers that are not finite stay what they are.
     *
     * @throws RejectedEventException if it is not a list of numbers
     */
    float[] tensor(JsonParser parser, String layer) throws IOException {
        floats.clear();
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw new RejectedEventException(
                    Reason.STATE_SHAPE,
                    "the state of layer %s must be a list of lists of numbers, got %s"
                            .formatted(layer, Tokens.describe(parser)));
        }
        parser.nextToken();
        numbers(parser, layer);
        return floats.copy();
    }

    /**
     * A feature that is a field of its own.
     *
     * @throws RejectedEventException if it is not a number
     */
    float feature(JsonParser parser, String name) throws IOException {
        Float value = known(parser);
        if (value == null) {
            throw new RejectedEventException(
                    Reason.FORMAT,
                    "%s must be a number, got %s".formatted(name, Tokens.describe(parser)));
        }
        return value;
    }

    /** The rest of a row, however deep its lists are. */
    private void row(JsonParser parser, String name) throws IOException {
        int depth = 1;
        while (depth > 0) {
            JsonToken token = parser.nextToken();
            if (token == JsonToken.START_ARRAY) {
                depth++;
            } else if (token == JsonToken.END_ARRAY) {
                depth--;
            } else {
                floats.add(number(parser, name));
            }
        }
    }

    /** Numbers from the current token to the end of their list. */
    private void numbers(JsonParser parser, String name) throws IOException {
        while (parser.currentToken() != JsonToken.END_ARRAY) {
            floats.add(number(parser, name));
            parser.nextToken();
        }
    }

    private float number(JsonParser parser, String name) throws IOException {
        Float value = known(parser);
        if (value == null) {
            throw new RejectedEventException(
                    Reason.FORMAT,
                    "%s must be lists of numbers, got %s among them"
                            .formatted(name == null ? "values" : name, Tokens.describe(parser)));
        }
        return value;
    }

    /** The number that the parser stands on, or null where it is none. */
    private Float known(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
            // The parser has it that NaN and Infinity are numbers.
            byte[] text = parser.getText().getBytes(StandardCharsets.UTF_8);
            float value = number.read(text, 0);
            if (number.end() == text.length) {
                return value;
            }
        }
        if (token.isScalarValue()) {
            // As JSON text, and bare as Python's json module writes them.
            return switch (parser.getText()) {
                case "NaN" -> Float.NaN;
                case "Infinity" -> Float.POSITIVE_INFINITY;
                case "-Infinity" -> Float.NEGATIVE_INFINITY;
                default -> null;
            };
        }
        return null;
    }

    private static void expectList(JsonParser parser, String name) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw new RejectedEventException(
                    Reason.FORMAT,
                    "%s must be a list of numbers or of rows, got %s"
                            .formatted(name == null ? "values" : name, Tokens.describe(parser)));
        }
    }
}
