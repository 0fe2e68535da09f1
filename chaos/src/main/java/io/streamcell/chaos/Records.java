package io.streamcell.chaos;

import java.util.List;
import java.util.Map;

/**
 * What came out of a run.
 *
 * @param scores each stream's scores and states in order, as bytes
 * @param rejected what was put aside, without where it came from, each as often as it was; by the
 *     name of its topic
 */
record Records(Map<String, List<byte[]>> scores, Map<String, List<byte[]>> rejected) {
    /** How many scores and states. */
    int scoreCount() {
        return scores.values().stream().mapToInt(List::size).sum();
    }

    /** How many rejected. */
    int rejectedCount() {
        return rejected.values().stream().mapToInt(List::size).sum();
    }
}
