package io.streamcell.benchmarks;

import java.util.Collection;

/** What ratios come to. */
public final class Ratios {
    private Ratios() {}

    /** The geometric mean; NaN of none. */
    public static double geometricMean(Collection<Double> ratios) {
        return Math.exp(ratios.stream().mapToDouble(Math::log).average().orElse(Double.NaN));
    }
}
