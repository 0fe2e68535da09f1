/**
 * How a job grows with the number of its streams: {@link
 * io.streamcell.benchmarks.scale.ScaleCommand} runs {@link io.streamcell.benchmarks.scale.ScaleRun}
 * in a JVM of its own for each number, which sends every stream a timestep in each of some sweeps
 * and saves, restores and rescales the job between them.
 */
package io.streamcell.benchmarks.scale;
