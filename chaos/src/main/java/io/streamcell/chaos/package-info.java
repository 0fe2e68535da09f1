/**
 * Real processes, killed again and again while they score: {@code Chaos} is the way in, {@code
 * Storm} runs the faults, {@code Verdict} judges.
 */
package io.streamcell.chaos;
