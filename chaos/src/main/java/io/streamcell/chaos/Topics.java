package io.streamcell.chaos;

/** The topics of a run. */
final class Topics {
    static final String EVENTS = "events";
    static final String CONTROL = "control";
    static final String SCORES = "scores";
    static final String REJECTED = "rejected";

    private Topics() {}
}
