package io.streamcell.benchmarks.pipeline;

import java.util.function.DoubleBinaryOperator;

/**
 * A column that sets every subject beside one of the same case.
 *
 * @param base the subject that the others are set beside
 */
record Comparison(String title, String base, DoubleBinaryOperator operator) {
    /** How many times as fast. */
    static Comparison ratio(String base) {
        return new Comparison("× " + base, base, (mine, other) -> mine / other);
    }

    /** How much more. */
    static Comparison difference(String base) {
        return new Comparison("above " + base, base, (mine, other) -> mine - other);
    }
}
