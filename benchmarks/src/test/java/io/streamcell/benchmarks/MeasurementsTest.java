package io.streamcell.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeasurementsTest {
    @TempDir Path folder;

    @Test
    void eachMeasurementIsOneObjectOnALine() throws Exception {
        Path file = folder.resolve("measurements.jsonl");
        Measurement first =
                Measurement.of(
                        "lstm features=64 units=128 rows=256 timesteps=1",
                        "streamcell-native",
                        "timesteps/s",
                        840000,
                        820000.5,
                        850000);
        Measurements.write(List.of(first, Measurement.of("p", "fma-peak", "GFLOP/s", 2, 4)), file);
        assertThat(Files.readString(file))
                .isEqualTo(
                        """
                        {"case":"lstm features=64 units=128 rows=256 timesteps=1","subject":"streamcell-native","rate":840000.0,"unit":"timesteps/s","low":820000.5,"high":850000.0}
                        {"case":"p","subject":"fma-peak","rate":3.0,"unit":"GFLOP/s","low":2.0,"high":4.0}
                        """);
    }

    @Test
    void theMedianLiesBetweenLowAndHigh() {
        assertThatThrownBy(() -> new Measurement("p", "s", 5, "GFLOP/s", 1, 4))
                .hasMessage(
                        "a median must lie between the least and the greatest, got 1.0, 5.0, 4.0");
    }
}
