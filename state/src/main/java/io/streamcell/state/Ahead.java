package io.streamcell.state;

import java.util.Arrays;
import java.util.Objects;

/**
 * What is still to happen to a stream. Immutable.
 *
 * @param resets timesteps to come before which it is to be reset, ascending; not to be modified
 * @param resetTimes event times from which on it is to be reset, ascending; not to be modified
 * @param resetAllsSeen how many resets of every stream it took over
 * @param modelChange number of the change of model that it last went through; 0 for none
 * @param expiry event time of the timer that looks whether it expired, or {@link
 *     StreamState#NO_TIME} without one
 * @param heldChunks how many chunks wait for the timesteps before them
 */
public record Ahead(
        long[] resets,
        long[] resetTimes,
        long resetAllsSeen,
        long modelChange,
        long expiry,
        int heldChunks) {
    private static final long[] NONE = {};

    /** Of a stream that only goes on. */
    public static final Ahead NOTHING = new Ahead(NONE, NONE, 0, 0, StreamState.NO_TIME, 0);

    public Ahead {
        if (heldChunks < 0) {
            throw new IllegalArgumentException("held chunks must not be negative: " + heldChunks);
        }
    }

    /** With resets alone. */
    public static Ahead resets(long[] timesteps, long[] times, long resetAllsSeen) {
        return new Ahead(timesteps, times, resetAllsSeen, 0, StreamState.NO_TIME, 0);
    }

    /** Whether there are resets, to come or seen. */
    boolean hasResets() {
        return resetAllsSeen > 0 || resets.length > 0 || resetTimes.length > 0;
    }

    /** Whether there is more than resets. */
    boolean hasMore() {
        return modelChange > 0 || expiry != StreamState.NO_TIME || heldChunks > 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Ahead that
                && Arrays.equals(resets, that.resets)
                && Arrays.equals(resetTimes, that.resetTimes)
                && resetAllsSeen == that.resetAllsSeen
                && modelChange == that.modelChange
                && expiry == that.expiry
                && heldChunks == that.heldChunks;
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                Arrays.hashCode(resets),
                Arrays.hashCode(resetTimes),
                resetAllsSeen,
                modelChange,
                expiry,
                heldChunks);
    }
}
