package io.streamcell.benchmarks;

import java.util.Arrays;

/**
 * What was found for one subject in one case, over all rounds.
 *
 * @param workload the case: what was computed, in words and sizes
 * @param subject who computed it: {@code streamcell-native}, {@code onnxruntime}, ...
 * @param rate median of the rounds
 * @param unit of the three figures
 * @param low least of the rounds
 * @param high greatest of the rounds
 */
public record Measurement(
        String workload, String subject, double rate, String unit, double low, double high) {

    public Measurement {
        if (!(low <= rate && rate <= high)) {
            throw new IllegalArgumentException(
                    "a median must lie between the least and the greatest, got %s, %s, %s"
                            .formatted(low, rate, high));
        }
    }

    /**
     * The median, least and greatest of the rounds' rates.
     *
     * @param rates at least one
     */
    public static Measurement of(String workload, String subject, String unit, double... rates) {
        double[] sorted = rates.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median =
                sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Measurement(
                workload, subject, median, unit, sorted[0], sorted[sorted.length - 1]);
    }
}
