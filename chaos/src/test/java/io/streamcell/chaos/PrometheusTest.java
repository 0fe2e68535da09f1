package io.streamcell.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PrometheusTest {
    @Test
    void hurriedRulesDifferFromTheOthersInTheirWaitingAlone() throws IOException {
        List<String> rules = Files.readAllLines(Path.of("../docker/prometheus/alerts.yml"));
        List<String> hurried = Prometheus.hurried(String.join("\n", rules)).lines().toList();

        assertThat(hurried).hasSameSizeAs(rules);
        for (int k = 0; k < rules.size(); k++) {
            boolean waits = rules.get(k).strip().startsWith("for:");
            assertThat(hurried.get(k)).isEqualTo(waits ? "        for: 2s" : rules.get(k));
        }
    }
}
