package io.streamcell.jobs.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamcell.jobs.ScoringJob;
import io.streamcell.jobs.config.JobDefaults;
import io.streamcell.jobs.config.JobOptions;
import io.streamcell.jobs.demo.EmbeddedKafka;
import io.streamcell.jobs.demo.ScoreReader;
import io.streamcell.operators.ScoringOptions;
import io.streamcell.operators.ServedModel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each row of the table of sequence rules, through Kafka: rows of equal options by one job. */
class SequenceRulesITCase {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String LAST = "last";
    private static final long LATER = 1_000_000_000;

    @TempDir private Path work;

    private final ExpectedRecords expected = new ExpectedRecords();

    @Test
    void everyRowHolds() throws Exception {
        Map<SequenceRow.Setting, Map<String, SequenceRow>> bySetting = new LinkedHashMap<>();
        for (SequenceRow row : SequenceRow.all()) {
            Map<String, SequenceRow> rows =
                    bySetting.computeIfAbsent(row.setting(), setting -> new LinkedHashMap<>());
            rows.put("row-" + rows.size(), row);
        }
        try (EmbeddedKafka kafka = EmbeddedKafka.start(work.resolve("kafka"));
                KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(
                                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                                new ByteArraySerializer(),
                                new ByteArraySerializer())) {
            List<JobClient> jobs = new ArrayList<>();
            for (SequenceRow.Setting setting : bySetting.keySet()) {
                String name = String.valueOf(jobs.size());
                for (String topic : List.of("in", "out", "bad", "control")) {
                    kafka.createTopic(topic + name, 1);
                }
                sendControl(producer, "control" + name, setting);
                jobs.add(start(kafka, name, setting));
            }
            int number = 0;
            for (Map<String, SequenceRow> rows : bySetting.values()) {
                String name = String.valueOf(number++);
                // It is committed with a checkpoint that holds the control events before it.
                assertThat(read(kafka, "bad" + name, 1)).hasSize(1);
                for (Map.Entry<String, SequenceRow> row : rows.entrySet()) {
                    for (byte[] event : row.getValue().eventsOf(row.getKey())) {
                        send(producer, "in" + name, row.getKey(), event);
                    }
                }
                sendLast(producer, "in" + name, LATER);
            }
            number = 0;
            for (; number < jobs.size(); number++) {
                String name = String.valueOf(number);
                // With it streams are in a checkpoint, and so have timers.
                awaitLast(kafka, "out" + name);
                sendLast(producer, "in" + name, LATER + 1);
            }
            number = 0;
            for (Map<String, SequenceRow> rows : bySetting.values()) {
                check(kafka, String.valueOf(number++), rows);
            }
            for (JobClient job : jobs) {
                job.cancel().get();
            }
        }
    }

    /** The control events, and one that is rejected behind them. */
    private static void sendControl(
            KafkaProducer<byte[], byte[]> producer, String topic, SequenceRow.Setting setting)
            throws Exception {
        for (byte[] event : setting.controlEvents()) {
            producer.send(new ProducerRecord<>(topic, event)).get();
        }
        byte[] bad = "{\"event\":\"none\"}".getBytes(StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>(topic, bad)).get();
    }

    private static void send(
            KafkaProducer<byte[], byte[]> producer, String topic, String stream, byte[] event)
            throws Exception {
        byte[] key = stream.getBytes(StandardCharsets.UTF_8);
        producer.send(new ProducerRecord<>(topic, key, event)).get();
    }

    private static void sendLast(KafkaProducer<byte[], byte[]> producer, String topic, long time)
            throws Exception {
        String event = "{\"time\":%d,\"values\":[[0,0,0,0,0]]}".formatted(time);
        send(producer, topic, LAST, event.getBytes(StandardCharsets.UTF_8));
    }

    private void check(EmbeddedKafka kafka, String name, Map<String, SequenceRow> rows)
            throws Exception {
        int records = 2;
        int rejected = 1;
        for (SequenceRow row : rows.values()) {
            records += row.records().size();
            rejected += row.rejected().size();
        }
        Map<String, List<byte[]>> found = read(kafka, "out" + name, records);
        for (Map.Entry<String, SequenceRow> row : rows.entrySet()) {
            List<String> wanted = new ArrayList<>();
            for (String record : row.getValue().records()) {
                wanted.add(expected.expected(record));
            }
            List<String> came = new ArrayList<>();
            for (byte[] record : found.getOrDefault(row.getKey(), List.of())) {
                came.add(ExpectedRecords.found(ExpectedRecords.tree(record)));
            }
            assertThat(came).as(row.getValue().title()).isEqualTo(wanted);
        }
        assertThat(found.get(LAST)).hasSize(2);
        Map<String, List<byte[]>> bad = read(kafka, "bad" + name, rejected);
        for (Map.Entry<String, SequenceRow> row : rows.entrySet()) {
            List<String> reasons = new ArrayList<>();
            for (byte[] record : bad.getOrDefault(row.getKey(), List.of())) {
                JsonNode tree = ExpectedRecords.tree(record);
                reasons.add(tree.get("reason").asText());
            }
            assertThat(reasons)
                    .as(row.getValue().title())
                    .containsExactlyInAnyOrderElementsOf(row.getValue().rejected());
        }
    }

    private static JobClient start(EmbeddedKafka kafka, String name, SequenceRow.Setting setting)
            throws Exception {
        Configuration configuration = setting.configuration();
        configuration.set(JobOptions.BOOTSTRAP_SERVERS, kafka.bootstrapServers());
        configuration.set(JobOptions.INPUT_TOPIC, "in" + name);
        configuration.set(JobOptions.OUTPUT_TOPIC, "out" + name);
        configuration.set(JobOptions.REJECTED_TOPIC, "bad" + name);
        configuration.set(JobOptions.CONTROL_TOPIC, "control" + name);
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(500));
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(64));
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        configuration.set(RestOptions.BIND_PORT, "0");
        JobDefaults.apply(configuration);
        ScoringOptions scoring = ScoringOptions.of(configuration);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
        new ScoringJob(configuration, ServedModel.of(scoring), scoring).build(environment);
        return environment.executeAsync();
    }

    private static void awaitLast(EmbeddedKafka kafka, String topic) {
        read(kafka, topic, reader -> reader.byStream().containsKey(LAST));
    }

    /** The committed records of each stream, as soon as there are so many in all. */
    private static Map<String, List<byte[]>> read(EmbeddedKafka kafka, String topic, int count) {
        return read(kafka, topic, reader -> reader.count() >= count);
    }

    private static Map<String, List<byte[]>> read(
            EmbeddedKafka kafka, String topic, Predicate<ScoreReader> enough) {
        try (ScoreReader reader = new ScoreReader(kafka.bootstrapServers(), topic)) {
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (!enough.test(reader) && System.nanoTime() < end) {
                reader.poll(Duration.ofMillis(200), (stream, value) -> {});
            }
            return reader.byStream();
        }
    }
}
