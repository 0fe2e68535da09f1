package io.streamcell.jobs.fuzz;

/** What became of a record; exactly one of these. */
enum Outcome {
    /** The reader or the check put it aside. */
    REJECTED,
    /** The sequence rules put it aside. */
    REJECTED_BY_RULES,
    /** A chunk made scores. */
    SCORED,
    /** All of a chunk was scored before. */
    DUPLICATE,
    /** A chunk waits for those before it. */
    HELD,
    /** The stream was reset, or will be. */
    RESET,
    /** The state was exported. */
    EXPORTED,
    /** A control event was followed. */
    CONTROL
}
