package io.streamcell.benchmarks;

import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * Measures several subjects in turn, so that what slows the machine for a while slows all of them.
 * Each round begins with another subject.
 */
public final class Rounds {
    private Rounds() {}

    /**
     * @param subjects each measures itself once and gives a rate
     * @return {@code [subjects][rounds]}
     */
    public static double[][] run(List<DoubleSupplier> subjects, int rounds) {
        int count = subjects.size();
        double[][] rates = new double[count][rounds];
        for (int round = 0; round < rounds; round++) {
            for (int turn = 0; turn < count; turn++) {
                int subject = (round + turn) % count;
                rates[subject][round] = subjects.get(subject).getAsDouble();
            }
        }
        return rates;
    }
}
