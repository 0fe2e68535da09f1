package io.streamcell.benchmarks.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ScaleITCase {
    private static final int STREAMS = 1000;
    private static final int FLOATS_OF_A_STATE = 2 * 32;

    @Test
    void streamsAreScoredSavedRestoredAndRescaledAndEveryScoreIsChecked(@TempDir Path work)
            throws Exception {
        Path json = work.resolve("scale.json");
        int status =
                new CommandLine(new ScaleCommand())
                        .execute(
                                "--streams",
                                String.valueOf(STREAMS),
                                "--heap",
                                "512m",
                                "--managed",
                                "64m",
                                "--folder",
                                work.resolve("work").toString(),
                                "--json",
                                json.toString());

        assertThat(status).isZero();
        JsonNode figures = new ObjectMapper().readTree(json.toFile()).get(0);
        assertThat(figures.get("streams").asInt()).isEqualTo(STREAMS);
        long states = (long) STREAMS * FLOATS_OF_A_STATE * Float.BYTES;
        assertThat(figures.get("backendBytes").asLong()).isGreaterThan(states);
        assertThat(figures.get("full").get("written").asLong()).isGreaterThan(states);
        assertThat(figures.get("tenth").get("written").asLong()).isBetween(states / 10, states);
    }

    @Test
    void aScoreThatIsLostOrOtherwiseIsFound() {
        Scores.clear();

        assertThatThrownBy(() -> Scores.check(1, new long[] {Scores.digest(0, 0, 1f)}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("sweep 0 must have 1 scores with digest");
        Scores.check(0, new long[] {0});
        assertThat(Scores.digest(0, 0, 1f)).isNotEqualTo(Scores.digest(0, 0, Math.nextUp(1f)));
    }
}
