package io.streamcell.kernels.functions;

/** The timesteps that a cell counts, a whole number in a float32. */
public final class Clock {
    /** The first whole number that float32 cannot add 1 to. */
    private static final float END = 0x1p24f;

    private Clock() {}

    /** Whether {@code time} is a multiple of the period; no time is taken as 0. */
    public static boolean due(float time, int period) {
        int count = time >= 0 && time < END ? (int) time : 0;
        return count % period == 0;
    }

    /** One timestep on; from {@code limit} on, a multiple of all periods, it starts again. */
    public static float next(float time, int limit) {
        float next = time + 1;
        return next < limit ? next : 0;
    }
}
