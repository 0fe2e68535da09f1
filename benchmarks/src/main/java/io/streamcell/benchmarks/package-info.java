/**
 * How fast, against whom? {@code ./streamcell bench}: kernels and whole pipelines beside their
 * peers, measured in turn in one run.
 */
package io.streamcell.benchmarks;
