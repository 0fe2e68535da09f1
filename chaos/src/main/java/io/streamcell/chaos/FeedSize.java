package io.streamcell.chaos;

/**
 * How large a feed is.
 *
 * @param timesteps at least so many
 * @param seed of everything random in it
 */
record FeedSize(long timesteps, int streams, long seed) {
    /** A chunk has so many timesteps at most. */
    static final int LONGEST_CHUNK = 8;

    /** Event time that passes from the first event to the last, about. */
    static final long EVENT_MILLIS = 4 * 3_600_000L;

    /** When it begins, in event time: epoch milliseconds. */
    static final long BEGINNING = 1_700_000_000_000L;

    /** Event time between two events, milliseconds. */
    long stepMillis() {
        return Math.max(1, EVENT_MILLIS * LONGEST_CHUNK / 2 / timesteps);
    }

    /** The event times from which on every stream is reset. */
    long[] resetAlls() {
        long[] times = new long[3];
        for (int k = 0; k < times.length; k++) {
            times[k] = BEGINNING + EVENT_MILLIS * (k + 1) / (times.length + 1);
        }
        return times;
    }
}
