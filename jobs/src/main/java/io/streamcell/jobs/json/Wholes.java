package io.streamcell.jobs.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.streamcell.jobs.formats.Ranges;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Arrays;

/** Whole numbers: indices of timesteps, and event times. */
final class Wholes {
    private static final int LONGEST = 64;

    private Wholes() {}

    /** The index of a timestep. */
    static long index(JsonParser parser, String field) throws IOException {
        Long index = whole(parser);
        if (!Ranges.isIndex(index)) {
            throw Ranges.noIndex(field, Tokens.describe(parser));
        }
        return index;
    }

    /** One event time, or a list of one per timestep. */
    static long[] times(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            return new long[] {time(parser)};
        }
        long[] times = new long[16];
        int count = 0;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (count == times.length) {
                times = Arrays.copyOf(times, count * 2);
            }
            times[count++] = time(parser);
        }
        if (count == 0) {
            throw Ranges.noTimes();
        }
        return Arrays.copyOf(times, count);
    }

    private static long time(JsonParser parser) throws IOException {
        Long time = whole(parser);
        if (!Ranges.isTime(time)) {
            throw Ranges.noTime(Tokens.describe(parser));
        }
        return time;
    }

    /** The number's value if it is whole and a long, else null; {@code 5.0} and 5e0 are whole. */
    private static Long whole(JsonParser parser) throws IOException {
        boolean number =
                parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                        || parser.currentToken() == JsonToken.VALUE_NUMBER_FLOAT;
        if (!number || parser.getTextLength() > LONGEST) {
            return null;
        }
        try {
            return new BigDecimal(
                            parser.getTextCharacters(),
                            parser.getTextOffset(),
                            parser.getTextLength())
                    .longValueExact();
        } catch (ArithmeticException | NumberFormatException e) {
            return null;
        }
    }
}
