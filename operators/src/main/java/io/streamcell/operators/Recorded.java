package io.streamcell.operators;

/**
 * What a replay obeys of a score that was recorded: where it began, and what had happened before.
 *
 * @param start index of its first timestep
 * @param rows its timesteps; {@link #UNKNOWN} where its outputs do not tell, which is as many as
 *     there are before the next one's
 * @param flags what had happened before the first timestep, see {@link Flags}
 * @param model fingerprint of the network that made it; {@link #ANY} where another one scores now
 */
public record Recorded(long start, int rows, int flags, long model) {
    public static final int UNKNOWN = Integer.MAX_VALUE;
    public static final long ANY = 0;

    /** The timestep behind its last one. */
    long end() {
        return start + rows;
    }
}
