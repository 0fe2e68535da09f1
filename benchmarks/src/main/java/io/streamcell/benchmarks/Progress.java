package io.streamcell.benchmarks;

/** Says how far a long run is, on a terminal only; the launcher knows whether there is one. */
public final class Progress {
    private static final boolean TERMINAL = Boolean.getBoolean("streamcell.terminal");

    private Progress() {}

    /** One line on standard error. */
    public static void say(int number, int count, String what) {
        if (TERMINAL) {
            System.err.printf("%d of %d  %s%n", number, count, what);
        }
    }
}
