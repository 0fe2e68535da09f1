package io.streamcell.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class RatiosTest {
    @Test
    void theGeometricMeanOfTwoAndEightIsFour() {
        assertThat(Ratios.geometricMean(List.of(2.0, 8.0))).isCloseTo(4, within(1e-12));
    }

    @Test
    void thereIsNoMeanOfNothing() {
        assertThat(Ratios.geometricMean(List.of())).isNaN();
    }
}
