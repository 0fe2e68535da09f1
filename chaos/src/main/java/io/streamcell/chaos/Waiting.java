package io.streamcell.chaos;

import java.time.Duration;

/** Waits for what another process does. */
final class Waiting {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final long POLL_MILLIS = 100;

    private Waiting() {}

    /** Whether it has come; asked again and again. */
    interface Question {
        boolean ask() throws Exception;
    }

    /**
     * Waits until a question is answered with yes.
     *
     * @param what is waited for, to be said where it does not come
     */
    static void until(String what, Question question) throws Exception {
        long began = System.nanoTime();
        while (!question.ask()) {
            if (System.nanoTime() - began > PATIENCE.toNanos()) {
                throw new IllegalStateException(
                        "%s must come within %d s, got nothing"
                                .formatted(what, PATIENCE.toSeconds()));
            }
            Thread.sleep(POLL_MILLIS);
        }
    }
}
