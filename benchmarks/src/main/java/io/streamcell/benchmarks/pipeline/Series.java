package io.streamcell.benchmarks.pipeline;

import io.streamcell.benchmarks.Measurement;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;

/**
 * One subject's figures in one case.
 *
 * @param values one per round, in the order of the rounds
 */
record Series(String workload, String subject, String unit, List<Double> values) {
    Series {
        values = List.copyOf(values);
    }

    /** Median, least and greatest. */
    Measurement measurement() {
        return Measurement.of(
                workload,
                subject,
                unit,
                values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /**
     * Each round's figure against the other's of the same round, so that what slows a whole round
     * down does not count.
     */
    Measurement against(Series other, DoubleBinaryOperator comparison) {
        double[] compared =
                IntStream.range(0, Math.min(values.size(), other.values.size()))
                        .mapToDouble(
                                round ->
                                        comparison.applyAsDouble(
                                                values.get(round), other.values.get(round)))
                        .toArray();
        return Measurement.of(workload, subject, "against " + other.subject, compared);
    }
}
