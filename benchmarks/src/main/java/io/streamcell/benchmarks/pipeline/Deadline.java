package io.streamcell.benchmarks.pipeline;

import java.time.Duration;

/** When a trial must be over, so that one that is stuck says so. */
final class Deadline {
    private final String trial;
    private final Duration limit;
    private final long began = System.nanoTime();

    Deadline(String trial, Duration limit) {
        this.trial = trial;
        this.limit = limit;
    }

    /**
     * @throws IllegalStateException if the limit is over
     */
    void check(long scores, long records) {
        if (isOver()) {
            throw new IllegalStateException(
                    "%s: %d events must be scored within %s, got %d scores"
                            .formatted(trial, records, limit, scores));
        }
    }

    /**
     * @param what must be so before the limit
     * @throws IllegalStateException if the limit is over
     */
    void check(String what) {
        if (isOver()) {
            throw new IllegalStateException("%s %s within %s".formatted(trial, what, limit));
        }
    }

    private boolean isOver() {
        return System.nanoTime() - began > limit.toNanos();
    }
}
