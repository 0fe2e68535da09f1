package io.streamcell.jobs.replay;

/**
 * What came of a replay.
 *
 * @param shifts where another model scored; else null
 */
public record ReplayResult(ReplayOutcome outcome, Shifts shifts) {}
