package io.streamcell.benchmarks.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.benchmarks.Measurement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScoreboardTest {
    private static final Workload ONE = new Workload(Workload.Kind.LSTM, 8, 32, 1, 1);
    private static final Workload MANY = new Workload(Workload.Kind.LSTM, 64, 128, 256, 1);
    private static final List<String> SUBJECTS =
            List.of("streamcell-native", "streamcell-vector", "onnxruntime", "onednn");

    @Test
    void ratiosAreOfTheBestOfOursToTheBestPeer() {
        assertThat(new Scoreboard(SUBJECTS, outcomes(), Optional.empty()).toString())
                .isEqualTo(
                        """
                        case                                             streamcell-native  streamcell-vector  onnxruntime  onednn  ours/best peer  GFLOP/s  of peak
                        lstm features=8 units=32 rows=1 timesteps=1                 2.00 M             1.00 M        100 k  absent           20.00     20.5     20 %
                        lstm features=64 units=128 rows=256 timesteps=1              400 k              300 k        500 k   200 k            0.80     78.6     79 %

                        onednn absent: not here
                        ours/best peer, 64 rows or more     0.80  geometric mean of 1 cases
                        ours/best peer, one row             20.00  geometric mean of 1 cases
                        least                               0.80  lstm features=64 units=128 rows=256 timesteps=1
                        vector/native                       0.61  geometric mean of 2 cases
                        of peak, streamcell-native          79 %  lstm features=64 units=128 rows=256 timesteps=1
                        of peak, streamcell-vector          59 %  lstm features=64 units=128 rows=256 timesteps=1
                        """);
    }

    @Test
    void aPeerThatCannotBeRestrictedIsComparedWithApart() {
        assertThat(new Scoreboard(SUBJECTS, outcomes(), Optional.of("onnxruntime")).toString())
                .contains("\nleast                               2.00  lstm features=64")
                .endsWith(
                        """
                        with onnxruntime, which uses all that the processor has
                        ours/best peer, 64 rows or more     0.80  geometric mean of 1 cases
                        ours/best peer, one row             20.00  geometric mean of 1 cases
                        least                               0.80  lstm features=64 units=128 rows=256 timesteps=1
                        """);
    }

    private static List<Outcome> outcomes() {
        return List.of(
                new Outcome(
                        ONE,
                        List.of(
                                found(ONE, "streamcell-native", 2e6),
                                found(ONE, "streamcell-vector", 1e6),
                                found(ONE, "onnxruntime", 1e5),
                                peak(ONE)),
                        Map.of("onednn", "not here")),
                new Outcome(
                        MANY,
                        List.of(
                                found(MANY, "streamcell-native", 4e5),
                                found(MANY, "streamcell-vector", 3e5),
                                found(MANY, "onnxruntime", 5e5),
                                found(MANY, "onednn", 2e5),
                                peak(MANY)),
                        Map.of()));
    }

    private static Measurement found(Workload workload, String subject, double rate) {
        return Measurement.of(workload.name(), subject, workload.unit(), rate);
    }

    private static Measurement peak(Workload workload) {
        return Measurement.of(workload.name(), Contest.PEAK, "GFLOP/s", 100);
    }
}
