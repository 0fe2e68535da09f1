package io.streamcell.benchmarks.scale;

import java.util.concurrent.CompletableFuture;

/**
 * How far the source may go: some sweeps, in each of which every stream has a timestep, and a tenth
 * of another. One for the process, since its job runs in it.
 */
final class Sweeps {
    private static int whole;
    private static boolean tenth;
    private static CompletableFuture<Void> moved = new CompletableFuture<>();

    private Sweeps() {}

    /** Lets the source go on. */
    static void allow(int wholeSweeps, boolean andATenth) {
        CompletableFuture<Void> before;
        synchronized (Sweeps.class) {
            whole = wholeSweeps;
            tenth = andATenth;
            before = moved;
            moved = new CompletableFuture<>();
        }
        before.complete(null);
    }

    /** Done when the source may go further than now. */
    static synchronized CompletableFuture<Void> moved() {
        return moved;
    }

    /** Timesteps that so many streams may have in all. */
    static synchronized long allowed(int streams) {
        return (long) streams * whole + (tenth ? streams / 10 : 0);
    }
}
