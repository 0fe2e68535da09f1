package io.streamcell.jobs.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.streamcell.operators.Reason;
import io.streamcell.operators.RejectedEventException;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Arrays;

/** Whole numbers: indices of timesteps, and event times. */
final class Wholes {
    /** 2^53, the last whole number that every JSON reader keeps; far from an overflow of a long. */
    private static final long GREATEST_INDEX = 1L << 53;

    /**
     * A hundred million days, as ECMAScript's dates reach; nanoseconds given by mistake lie beyond.
     */
    private static final long GREATEST_TIME = 8_640_000_000_000_000L;

    private static final int LONGEST = 64;

    private Wholes() {}

    /** The index of a timestep. */
    static long index(JsonParser parser, String field) throws IOException {
        Long index = whole(parser);
        if (index == null || index < 0 || index > GREATEST_INDEX) {
            throw new RejectedEventException(
                    Reason.NUMBER,
                    "%s must be a whole number from 0 to 2^53, got %s"
                            .formatted(field, Tokens.describe(parser)));
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
            throw new RejectedEventException(
                    Reason.TIME,
                    "time must be one for the chunk or one for each timestep, got an empty list");
        }
        return Arrays.copyOf(times, count);
    }

    private static long time(JsonParser parser) throws IOException {
        Long time = whole(parser);
        if (time == null || Math.abs(time) > GREATEST_TIME) {
            throw new RejectedEventException(
                    Reason.TIME,
                    "time must be whole milliseconds since 1970, at most 8640000000000000 of them, got %s"
                            .formatted(Tokens.describe(parser)));
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
