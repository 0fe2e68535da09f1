/**
 * What a job takes that it was not made for: each case in a JVM of its own with a small heap, from
 * topic to topic. {@code ./streamcell bench hostile}, for developers.
 */
package io.streamcell.benchmarks.hostile;
