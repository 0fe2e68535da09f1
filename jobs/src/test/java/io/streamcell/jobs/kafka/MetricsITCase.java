package io.streamcell.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.jobs.ScoringJob;
import io.streamcell.jobs.config.JobDefaults;
import io.streamcell.jobs.config.JobOptions;
import io.streamcell.jobs.demo.EmbeddedKafka;
import io.streamcell.jobs.demo.ScoreReader;
import io.streamcell.operators.ScoringOptions;
import io.streamcell.operators.ServedModel;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Prometheus finds is what docs/metrics.md says. */
class MetricsITCase {
    private static final Path MODEL =
            Path.of("../models/src/test/golden/lstm-sequences/model.keras");
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String PREFIX = "flink_taskmanager_job_task_operator_";
    private static final Pattern DOCUMENTED = Pattern.compile("\\| `(\\w*streamcell_\\w+)` \\|");

    @TempDir private Path work;

    @Test
    void everyDocumentedMetricIsScrapedAndCountsWhatCame() throws Exception {
        int port = freePort();
        try (EmbeddedKafka kafka = EmbeddedKafka.start(work.resolve("kafka"))) {
            for (String topic : List.of("in", "out", "control")) {
                kafka.createTopic(topic, 1);
            }
            JobClient job = start(kafka, port);
            send(
                    kafka,
                    "{\"values\":[[1,2,3,4,5],[1,2,3,4,5]]}",
                    "{\"event\":\"restart\"}",
                    "{\"values\":[[1,2]]}",
                    "{\"values\":[[3,2]]}",
                    "{\"event\":\"reset\"}",
                    "{\"start\":9,\"values\":[[1,2,3,4,5]]}");
            try (ScoreReader scores = new ScoreReader(kafka.bootstrapServers(), "out")) {
                long end = System.nanoTime() + PATIENCE.toNanos();
                while (scores.count() < 2 && System.nanoTime() < end) {
                    scores.poll(Duration.ofMillis(200), (stream, value) -> {});
                }
            }

            String page = scrape(port);
            Matcher documented =
                    DOCUMENTED.matcher(Files.readString(Path.of("../docs/metrics.md")));
            while (documented.find()) {
                assertThat(page).contains("# TYPE " + PREFIX + documented.group(1) + " ");
            }
            assertThat(sum(page, "streamcell_timesteps", "")).isEqualTo(3);
            assertThat(sum(page, "streamcell_events", "")).isEqualTo(3);
            assertThat(sum(page, "streamcell_resets", "")).isEqualTo(1);
            assertThat(sum(page, "streamcell_gaps", "")).isEqualTo(1);
            assertThat(sum(page, "streamcell_reason_rejected", "reason=\"feature-count\""))
                    .isEqualTo(2);
            assertThat(sum(page, "streamcell_reason_rejected", "reason=\"event\"")).isEqualTo(1);
            assertThat(
                            sum(
                                    page,
                                    "streamcell_name_label_model",
                                    "label=\"20455af639a76f5b.exact1\""))
                    .isEqualTo(1);
            job.cancel().get();
        }
    }

    private static String scrape(int port) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** Over all subtasks and tasks. */
    private static double sum(String page, String metric, String label) {
        return page.lines()
                .filter(line -> line.startsWith(PREFIX + metric + "{") && line.contains(label))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private static void send(EmbeddedKafka kafka, String... events) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            for (String event : events) {
                byte[] key = "m-17".getBytes(StandardCharsets.UTF_8);
                byte[] value = event.getBytes(StandardCharsets.UTF_8);
                producer.send(new ProducerRecord<>("in", key, value)).get();
            }
        }
    }

    private static JobClient start(EmbeddedKafka kafka, int port) throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(ScoringOptions.MODEL_URI, MODEL.toString());
        configuration.set(JobOptions.BOOTSTRAP_SERVERS, kafka.bootstrapServers());
        configuration.set(JobOptions.INPUT_TOPIC, "in");
        configuration.set(JobOptions.OUTPUT_TOPIC, "out");
        configuration.set(JobOptions.CONTROL_TOPIC, "control");
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(500));
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        configuration.set(RestOptions.BIND_PORT, "0");
        configuration.setString("metrics.reporters", "prom");
        configuration.setString(
                "metrics.reporter.prom.factory.class",
                "org.apache.flink.metrics.prometheus.PrometheusReporterFactory");
        configuration.setString("metrics.reporter.prom.port", String.valueOf(port));
        configuration.setString("metrics.reporter.prom.filterLabelValueCharacters", "false");
        JobDefaults.apply(configuration);
        ScoringOptions scoring = ScoringOptions.of(configuration);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
        new ScoringJob(configuration, ServedModel.of(scoring), scoring).build(environment);
        return environment.executeAsync();
    }

    private static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
