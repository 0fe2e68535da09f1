package io.streamcell.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamcell.jobs.cli.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example's forecaster gives in Streamcell what it gave in Keras, from the same rows. */
class ForecasterTest {
    private static final Path EXAMPLE = Path.of("../examples/nab");
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void rowsBecomeTheInputsOfKerasAndItsOutputsComeOut(@TempDir Path work) throws IOException {
        Map<String, Series> series =
                Series.all(EXAMPLE).stream()
                        .collect(Collectors.toMap(Series::name, Function.identity()));
        assertThat(series).hasSize(58);
        for (JsonNode one : JSON.readTree(EXAMPLE.resolve("expected.json").toFile()).get("cases")) {
            Series judged = series.get(one.get("series").asText());
            List<String> events = new ArrayList<>();
            for (int row = 0; row < one.get("inputs").size(); row++) {
                float[] features = judged.features(row);
                for (int k = 0; k < features.length; k++) {
                    assertThat((double) features[k])
                            .isCloseTo(one.get("inputs").get(row).get(k).asDouble(), within(1e-6));
                }
                if (judged.gapBefore(row)) {
                    events.add("{\"stream\":\"s\",\"event\":\"reset\"}");
                }
                events.add(
                        "{\"stream\":\"s\",\"values\":[%s]}"
                                .formatted(java.util.Arrays.toString(features)));
            }
            Path input = Files.write(work.resolve("events.jsonl"), events);
            Path output = work.resolve("scores.jsonl");
            int status =
                    Main.run(
                            "score",
                            "--model",
                            EXAMPLE.resolve("forecaster.keras").toString(),
                            "--input",
                            input.toString(),
                            "--output",
                            output.toString());
            assertThat(status).isZero();
            List<String> scores = Files.readAllLines(output);
            assertThat(scores).hasSize(one.get("outputs").size());
            for (int row = 0; row < scores.size(); row++) {
                JsonNode found = JSON.readTree(scores.get(row)).get("outputs").get(0);
                for (int k = 0; k < found.size(); k++) {
                    assertThat(found.get(k).asDouble())
                            .isCloseTo(one.get("outputs").get(row).get(k).asDouble(), within(1e-5));
                }
            }
        }
    }
}
