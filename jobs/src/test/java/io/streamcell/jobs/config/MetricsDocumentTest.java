package io.streamcell.jobs.config;

import io.streamcell.operators.Metric;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricsDocumentTest {
    private static final String HEAD =
            """
            # Metrics
            Written from the metrics themselves; a test keeps it true. They are in the group `streamcell` of each subtask, and
            go to every reporter that Flink is configured with. With Flink's Prometheus reporter

                metrics.reporters: prom
                metrics.reporter.prom.factory.class: org.apache.flink.metrics.prometheus.PrometheusReporterFactory
                metrics.reporter.prom.port: 9249
                metrics.reporter.prom.filterLabelValueCharacters: false

            in `job.yaml` (`./streamcell run` brings the reporter along; on a cluster it is in Flink's `plugins`) each
            begins with `flink_taskmanager_job_task_operator_`, and has Flink's labels beside those that are named here.
            A histogram has the series `_count` and, by the label `quantile`, 0.5 to 0.999.

            | Metric | Prometheus, after the prefix | Kind | Unit | Meaning |
            |---|---|---|---|---|
            """;

    private static final String TAIL =
            """
            | unknownFields | `deserializer_streamcell_unknownFields` | counter | fields | fields of events that nobody reads; of the source |
            | unknownControlFields | `deserializer_streamcell_unknownControlFields` | counter | fields | the same of control events |

            From Flink's own, worth a look beside them: `lastCheckpointDuration`, `lastCheckpointSize`,
            `numberOfFailedCheckpoints` and `numRestarts` of the job, `pendingRecords` and `currentEmitEventTimeLag` of the
            source (how far behind Kafka it is), `busyTimeMsPerSecond` and `backPressuredTimeMsPerSecond` of each task.
            """;

    /** Where a value is labelled, Flink puts the labels' names into the metric's. */
    private static final Map<Metric, String> LABELLED =
            Map.of(Metric.REJECTED, "reason_", Metric.MODEL, "name_label_");

    @Test
    void theTableOfMetricsIsThatOfTheMetrics() throws IOException {
        StringBuilder text = new StringBuilder(HEAD);
        for (Metric metric : Metric.values()) {
            text.append(
                    "| %s | `streamcell_%s%s` | %s | %s | %s |\n"
                            .formatted(
                                    metric.key(),
                                    LABELLED.getOrDefault(metric, ""),
                                    metric.key(),
                                    metric.kind().name().toLowerCase(Locale.ROOT),
                                    metric.unit(),
                                    metric.meaning()));
        }
        GeneratedFiles.check(Path.of("../docs/metrics.md"), text.append(TAIL).toString());
    }
}
