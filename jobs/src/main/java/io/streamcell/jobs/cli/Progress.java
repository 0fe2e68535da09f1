package io.streamcell.jobs.cli;

/**
 * Says how many streams have passed, on a terminal only; the launcher knows whether there is one.
 */
final class Progress {
    private static final boolean TERMINAL = Boolean.getBoolean("streamcell.terminal");
    private static final long SOME = 1024;
    private static final long PAUSE_NANOS = 2_000_000_000;

    private final String done;
    private long streams;
    private long due = System.nanoTime() + PAUSE_NANOS;

    /**
     * @param done what was done with them, such as "read"
     */
    Progress(String done) {
        this.done = done;
    }

    /** Says what comes next, on a terminal. */
    static void say(String next) {
        if (TERMINAL) {
            Failures.say(next);
        }
    }

    void stream() {
        streams++;
        if (TERMINAL && streams % SOME == 0 && System.nanoTime() - due > 0) {
            due = System.nanoTime() + PAUSE_NANOS;
            Failures.say("%,d streams %s".formatted(streams, done));
        }
    }
}
