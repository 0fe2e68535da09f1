package io.streamcell.jobs.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamcell.operators.ScoringOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.bridge.java.StreamStatementSet;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The benchmark's series are scored in SQL, a TaskManager dies in the middle, and every score has
 * the bits that the job gives.
 */
class SeriesInSqlITCase {
    private static final Path EXAMPLE = Path.of("../examples/nab").toAbsolutePath();
    private static final Path MODEL = EXAMPLE.resolve("forecaster.keras");
    private static final int SERIES = 12;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir private Path work;

    /** The ways through SQL. */
    private enum Way {
        FUNCTION(
                """
                INSERT INTO scores SELECT device, timestep, outputs, flags, model FROM SCORE(
                  input => TABLE events PARTITION BY device,
                  model => '%s',
                  features => DESCRIPTOR(chunk),
                  timestep => DESCRIPTOR(n),
                  resets => DESCRIPTOR(is_reset))""",
                "timestep"),
        TABLE_READ(
                """
                INSERT INTO scores SELECT stream_id, timestep, outputs, flags, model
                FROM scored_events""",
                "timestep"),
        TABLE_WRITTEN(
                """
                INSERT INTO chunks SELECT device, n, is_reset, chunk FROM events""",
                "start");

        private final String insert;
        private final String number;

        Way(String insert, String number) {
            this.insert = insert;
            this.number = number;
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyScoreIsTheJobsToTheBitThoughATaskManagerDies(Way way) throws Exception {
        List<DemoEvents.Event> events =
                DemoEvents.of(Series.all(EXAMPLE).subList(0, SERIES), way.ordinal());
        Map<String, List<byte[]>> expected =
                UndisturbedRun.of(
                        events.stream().map(DemoEvents.Event::json).toList(),
                        work,
                        ScoringOptions.forModel(MODEL.toString()),
                        new Configuration());
        int wanted = expected.values().stream().mapToInt(List::size).sum();
        try (EmbeddedKafka kafka = EmbeddedKafka.start(work.resolve("kafka"))) {
            kafka.createTopic("events", 4);
            kafka.createTopic("scores", 4);
            Configuration configuration = configuration();
            try (FailingCluster cluster = FailingCluster.start(configuration, 2);
                    ScoreReader reader = new ScoreReader(kafka.bootstrapServers(), "scores")) {
                submit(cluster, configuration, kafka, way);
                send(kafka, events.subList(0, events.size() / 2));
                read(cluster, reader, 1);
                send(kafka, events.subList(events.size() / 2, events.size()));
                cluster.killTaskManager(0);
                read(cluster, reader, wanted);
                long restores = cluster.restores();
                cluster.cancel();
                reader.poll(Duration.ofSeconds(2), (stream, value) -> {});

                assertThat(restores).isPositive();
                assertThat(
                                Comparison.of(
                                        told(expected, "start"),
                                        told(reader.byStream(), way.number)))
                        .isEqualTo(new Comparison(wanted, 0, 0, 0));
            }
        }
    }

    private Configuration configuration() {
        Configuration configuration = new Configuration();
        configuration.set(CoreOptions.DEFAULT_PARALLELISM, 2);
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(300));
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                work.resolve("checkpoints").toUri().toString());
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF,
                Duration.ofMillis(200));
        configuration.set(RestOptions.BIND_PORT, "0");
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(64));
        return configuration;
    }

    private static void submit(
            FailingCluster cluster, Configuration configuration, EmbeddedKafka kafka, Way way)
            throws Exception {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        StreamTableEnvironment sql = StreamTableEnvironment.create(environment);
        String servers = kafka.bootstrapServers();
        sql.executeSql("CREATE FUNCTION SCORE AS 'io.streamcell.jobs.sql.ScoreFunction'");
        sql.executeSql(
                """
                CREATE TABLE events (
                  `stream` STRING, `start` BIGINT, `values` ARRAY<ARRAY<FLOAT>>, event STRING,
                  device AS `stream`, n AS `start`, chunk AS `values`, is_reset AS event = 'reset'
                ) WITH ('connector' = 'kafka', 'topic' = 'events', 'format' = 'json',
                  'scan.startup.mode' = 'earliest-offset', 'properties.bootstrap.servers' = '%s')"""
                        .formatted(servers));
        sql.executeSql(
                """
                CREATE TABLE scores (
                  stream_id STRING, timestep BIGINT, outputs ARRAY<ARRAY<FLOAT>>,
                  flags ARRAY<STRING>, model STRING
                ) WITH ('connector' = 'kafka', 'topic' = 'scores', 'value.format' = 'json',
                  'key.format' = 'raw', 'key.fields' = 'stream_id',
                  'sink.delivery-guarantee' = 'exactly-once',
                  'sink.transactional-id-prefix' = 'sql',
                  'properties.transaction.timeout.ms' = '600000',
                  'properties.bootstrap.servers' = '%s')"""
                        .formatted(servers));
        sql.executeSql(
                """
                CREATE TABLE scored_events (
                  stream_id STRING, timestep BIGINT, outputs ARRAY<ARRAY<FLOAT>>,
                  flags ARRAY<STRING>, model STRING
                ) WITH ('connector' = 'streamcell', 'model.uri' = '%s',
                  'input.topic' = 'events', 'kafka.bootstrap-servers' = '%s')"""
                        .formatted(MODEL, servers));
        sql.executeSql(
                """
                CREATE TABLE chunks (
                  device STRING, timestep BIGINT, resets BOOLEAN, chunk ARRAY<ARRAY<FLOAT>>
                ) WITH ('connector' = 'streamcell', 'model.uri' = '%s',
                  'input.stream-field' = 'device', 'input.features' = 'chunk',
                  'output.topic' = 'scores', 'kafka.bootstrap-servers' = '%s')"""
                        .formatted(MODEL, servers));
        StreamStatementSet statements = sql.createStatementSet();
        statements.addInsertSql(way.insert.formatted(MODEL));
        statements.attachAsDataStream();
        cluster.submit(environment, "sql");
    }

    private static void send(EmbeddedKafka kafka, List<DemoEvents.Event> events) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka.bootstrapServers(), "linger.ms", "5"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            List<Future<?>> sent = new ArrayList<>();
            for (DemoEvents.Event event : events) {
                byte[] key = event.stream().getBytes(StandardCharsets.UTF_8);
                sent.add(producer.send(new ProducerRecord<>("events", key, event.json())));
            }
            for (Future<?> one : sent) {
                one.get();
            }
        }
    }

    private static void read(FailingCluster cluster, ScoreReader reader, int wanted)
            throws Exception {
        long last = System.nanoTime();
        while (reader.count() < wanted) {
            if (reader.poll(Duration.ofMillis(20), (stream, value) -> {}) > 0) {
                last = System.nanoTime();
            }
            cluster.checkRunning();
            assertThat(System.nanoTime() - last)
                    .as("nanoseconds without a score; %d of %d came", reader.count(), wanted)
                    .isLessThan(PATIENCE.toNanos());
        }
    }

    /** What a score says apart from its format, its numbers as their bits. */
    private static Map<String, List<byte[]>> told(
            Map<String, List<byte[]>> byStream, String number) {
        return byStream.entrySet().stream()
                .collect(
                        Collectors.toMap(
                                Map.Entry::getKey,
                                each ->
                                        each.getValue().stream()
                                                .map(score -> told(score, number))
                                                .toList()));
    }

    private static byte[] told(byte[] score, String number) {
        JsonNode json = ScoreLines.read(score);
        StringBuilder told = new StringBuilder();
        told.append(json.get(number).asLong()).append(' ').append(json.get("model").asText());
        json.path("flags").forEach(flag -> told.append(' ').append(flag.asText()));
        for (JsonNode timestep : json.get("outputs")) {
            told.append('\n');
            for (JsonNode output : timestep) {
                float value = (float) output.asDouble();
                told.append(Integer.toHexString(Float.floatToRawIntBits(value))).append(' ');
            }
        }
        return told.toString().getBytes(StandardCharsets.UTF_8);
    }
}
