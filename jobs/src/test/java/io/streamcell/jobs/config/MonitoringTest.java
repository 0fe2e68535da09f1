package io.streamcell.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Alerts and dashboard speak of metrics that there are, and the documents of all alerts. */
class MonitoringTest {
    private static final Path ALERTS = Path.of("../docker/prometheus/alerts.yml");
    private static final Path DASHBOARD = Path.of("../docker/grafana/dashboards/streamcell.json");
    private static final Pattern OWN =
            Pattern.compile("flink_taskmanager_job_task_operator_(streamcell_\\w+)");

    @Test
    void alertsAndDashboardReadMetricsThatAreDocumented() throws IOException {
        Set<String> documented = found("`(streamcell_\\w+)`", Path.of("../docs/metrics.md"));
        for (Path file : List.of(ALERTS, DASHBOARD)) {
            assertThat(documented).containsAll(found(OWN.pattern(), file));
        }
        assertThat(new ObjectMapper().readTree(Files.readString(DASHBOARD)).get("panels").size())
                .isPositive();
    }

    @Test
    void everyAlertHasATestAndSaysWhatToDo() throws IOException {
        Set<String> alerts = found("- alert: (\\w+)", ALERTS);

        assertThat(alerts).isNotEmpty();
        assertThat(found("\\| (Streamcell\\w+) \\|", Path.of("../docs/operations.md")))
                .isEqualTo(alerts);
        assertThat(found("alertname: (\\w+)", Path.of("../docker/prometheus/alerts-test.yml")))
                .isEqualTo(alerts);
    }

    private static Set<String> found(String pattern, Path file) throws IOException {
        Set<String> found = new TreeSet<>();
        Pattern.compile(pattern)
                .matcher(Files.readString(file))
                .results()
                .forEach(match -> found.add(match.group(1)));
        return found;
    }
}
