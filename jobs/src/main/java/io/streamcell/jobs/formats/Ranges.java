package io.streamcell.jobs.formats;

import io.streamcell.operators.Reason;
import io.streamcell.operators.RejectedEventException;

/** Which indices and event times an event may have, in whatever format. */
public final class Ranges {
    /** 2^53, the last whole number that every JSON reader keeps; far from an overflow of a long. */
    private static final long GREATEST_INDEX = 1L << 53;

    /**
     * A hundred million days, as ECMAScript's dates reach; nanoseconds given by mistake lie beyond.
     */
    private static final long GREATEST_TIME = 8_640_000_000_000_000L;

    private Ranges() {}

    /** Whether a field can be the index of a timestep; null where it is no whole number. */
    public static boolean isIndex(Long index) {
        return index != null && index >= 0 && index <= GREATEST_INDEX;
    }

    /** Whether a field can be an event time; null where it is no whole number. */
    public static boolean isTime(Long time) {
        return time != null && time >= -GREATEST_TIME && time <= GREATEST_TIME;
    }

    /** Why a field cannot be an index. */
    public static RejectedEventException noIndex(String field, String found) {
        return new RejectedEventException(
                Reason.NUMBER,
                "%s must be a whole number from 0 to 2^53, got %s".formatted(field, found));
    }

    /** Why a field cannot be an event time. */
    public static RejectedEventException noTime(String found) {
        return new RejectedEventException(
                Reason.TIME,
                "time must be whole milliseconds since 1970, at most 8640000000000000 of them, got %s"
                        .formatted(found));
    }

    /** Why a list of event times without one cannot be. */
    public static RejectedEventException noTimes() {
        return new RejectedEventException(
                Reason.TIME,
                "time must be one for the chunk or one for each timestep, got an empty list");
    }
}
