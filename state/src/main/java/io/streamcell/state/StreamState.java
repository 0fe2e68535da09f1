package io.streamcell.state;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The managed value of one stream: where it stands, and its recurrent state per model. Immutable; a
 * new one is made for every write, since state backends may keep the object itself.
 *
 * @param next index of the next timestep, from 0; a reset does not restart it
 * @param lastTime greatest event time seen, epoch milliseconds, or {@link #NO_TIME}
 * @param pendingFlags what happened since the last score and is to stand on the next: {@link
 *     #RESET} and the like
 * @param ahead what is still to happen to it
 * @param vectors the recurrent state of each model that scored the stream
 */
public record StreamState(
        long next, long lastTime, int pendingFlags, Ahead ahead, List<Vector> vectors) {
    public static final long NO_TIME = Long.MIN_VALUE;

    /** The stream was reset by an event. */
    public static final int RESET = 1;

    /** Timesteps are missing before the next one. */
    public static final int GAP = 2;

    /** The stream was reset after an output that was not finite. */
    public static final int NOT_FINITE = 4;

    /** The stream was reset because its model changed. */
    public static final int MODEL = 8;

    /** The stream was silent for longer than it may be. */
    public static final int IDLE = 16;

    /** Every stream was reset by a control event. */
    public static final int RESET_ALL = 32;

    /** The stream was silent for so long that its state was given up. */
    public static final int EXPIRED = 64;

    /** A stream that nothing is known of. */
    public static final StreamState NEW = new StreamState(0, NO_TIME, 0, List.of());

    /**
     * A model's flat state vector.
     *
     * @param fingerprint of the network whose layout the floats have
     * @param floats the carried part of the state; not to be modified
     */
    public record Vector(long fingerprint, float[] floats) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Vector that
                    && fingerprint == that.fingerprint
                    && Arrays.equals(floats, that.floats);
        }

        @Override
        public int hashCode() {
            return 31 * Long.hashCode(fingerprint) + Arrays.hashCode(floats);
        }
    }

    /** With nothing ahead. */
    public StreamState(long next, long lastTime, int pendingFlags, List<Vector> vectors) {
        this(next, lastTime, pendingFlags, Ahead.NOTHING, vectors);
    }

    public StreamState {
        if (next < 0) {
            throw new IllegalArgumentException(
                    "the next timestep must not be negative, got " + next);
        }
        if (pendingFlags < 0 || pendingFlags > 255) {
            throw new IllegalArgumentException("flags must fit a byte, got " + pendingFlags);
        }
        vectors = List.copyOf(vectors);
    }

    /** The same with another expiry timer. */
    public StreamState withExpiry(long expiry) {
        Ahead other =
                new Ahead(
                        ahead.resets(),
                        ahead.resetTimes(),
                        ahead.resetAllsSeen(),
                        ahead.modelChange(),
                        expiry,
                        ahead.heldChunks());
        return new StreamState(next, lastTime, pendingFlags, other, vectors);
    }

    /** The state vector of a network. */
    public Optional<Vector> vector(long fingerprint) {
        return vectors.stream().filter(vector -> vector.fingerprint() == fingerprint).findFirst();
    }
}
