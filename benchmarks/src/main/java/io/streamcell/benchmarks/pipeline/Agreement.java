package io.streamcell.benchmarks.pipeline;

import java.util.HashMap;
import java.util.Map;

/**
 * Holds every subject's scores of a sample against those of the first, so that no figure is of a
 * wrong computation.
 */
final class Agreement {
    private static final float TOLERANCE = 1e-4f;

    private final Map<String, float[]> first = new HashMap<>();

    /**
     * Compares as many scores as both have.
     *
     * @param sample scores in order, by what they belong to
     * @throws IllegalStateException if two differ by more than 1e-4
     */
    void check(String subject, Map<String, float[]> sample) {
        sample.forEach((name, scores) -> check(subject, name, scores));
    }

    private void check(String subject, String name, float[] scores) {
        float[] expected = first.putIfAbsent(name, scores);
        if (expected == null) {
            return;
        }
        for (int k = 0; k < Math.min(expected.length, scores.length); k++) {
            if (!(Math.abs(expected[k] - scores[k]) <= TOLERANCE)) {
                throw new IllegalStateException(
                        "score %d of %s must be within 1e-4 of %s, got %s from %s"
                                .formatted(k, name, expected[k], scores[k], subject));
            }
        }
    }
}
