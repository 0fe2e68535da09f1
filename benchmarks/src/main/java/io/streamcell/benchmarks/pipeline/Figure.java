package io.streamcell.benchmarks.pipeline;

/**
 * What one trial found.
 *
 * @param workload the case, in words and sizes
 * @param subject who computed it
 * @param unit of the value
 */
record Figure(String workload, String subject, String unit, double value) {}
