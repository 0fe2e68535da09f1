package io.streamcell.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.jobs.ScoringJob;
import io.streamcell.jobs.config.JobDefaults;
import io.streamcell.jobs.config.JobOptions;
import io.streamcell.jobs.demo.EmbeddedKafka;
import io.streamcell.operators.ScoringOptions;
import io.streamcell.operators.ServedModel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No record can stop the job: not what is in it, not its times, not its bytes. */
class BadRecordsITCase {
    private static final Path MODEL =
            Path.of("../models/src/test/golden/lstm-sequences/model.keras");
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @TempDir Path work;

    @Test
    void badRecordsArePutAsideAndOddTimesAreScored() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(work.resolve("kafka"))) {
            for (String topic : List.of("in", "out", "bad")) {
                kafka.createTopic(topic, 1);
            }
            JobClient job = start(kafka, null);
            long later = Instant.now().plus(Duration.ofDays(3650)).toEpochMilli();
            try (KafkaProducer<byte[], byte[]> producer = producer(kafka)) {
                send(producer, "past", "{\"time\":-5,\"values\":[[1,2,3,4,5]]}");
                send(producer, "future", "{\"time\":%d,\"values\":[[1,2,3,4,5]]}".formatted(later));
                send(producer, null, "\u0000not an event");
                send(producer, "gone", null);
                send(producer, "half", "{\"values\":[[1,2,3,4,5]],\"\\ud800\":1,\"\\ud800\":2}");
                ProducerRecord<byte[], byte[]> last =
                        record("last", "{\"time\":7,\"values\":[[1,2,3,4,5]]}");
                last.headers().add("trace", new byte[] {1, 2});
                producer.send(last).get();
            }

            List<ConsumerRecord<byte[], byte[]>> scores = read(kafka, "out", 3);
            assertThat(scores)
                    .extracting(record -> text(record.key()))
                    .containsExactly("past", "future", "last");
            assertThat(scores.get(1).timestamp()).isLessThan(later);
            assertThat(text(scores.get(1).value())).contains("\"time\":" + later);
            assertThat(scores.get(2).timestamp()).isEqualTo(7);
            assertThat(scores.get(2).headers().lastHeader("trace").value()).containsExactly(1, 2);
            assertThat(read(kafka, "bad", 3))
                    .extracting(record -> text(record.value()).replaceAll("\",\"message.*", ""))
                    .containsExactly(
                            "{\"reason\":\"format",
                            "{\"reason\":\"tombstone",
                            "{\"reason\":\"format");
            job.cancel().get();
        }
    }

    @Test
    void controlEventResetsStreamsFromItsTimeOnAndABadOneIsPutAside() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(work.resolve("kafka"))) {
            for (String topic : List.of("in", "out", "bad", "control")) {
                kafka.createTopic(topic, 1);
            }
            JobClient job = start(kafka, "control");
            try (KafkaProducer<byte[], byte[]> producer = producer(kafka)) {
                send(producer, "a", "{\"time\":100,\"values\":[[1,2,3,4,5]]}");
                control(producer, "{\"event\":\"reset-all\",\"time\":1000}");
                control(producer, "{\"event\":\"reset-all\"}");
                control(producer, "{\"event\":\"restart\",\"time\":1000}");
                // What the bad ones follow is in the checkpoint that they are committed with.
                assertThat(read(kafka, "bad", 2))
                        .extracting(record -> text(record.value()).replaceAll(",\"origin.*", ""))
                        .containsExactly(
                                "{\"reason\":\"time\",\"message\":\"event reset-all must have one time from which on it holds, got none\"",
                                "{\"reason\":\"event\",\"message\":\"event must be reset-all or model on the control topic, got restart\"");
                send(producer, "a", "{\"time\":[900,1000],\"values\":[[1,2,3,4,5],[1,2,3,4,5]]}");
            }

            assertThat(read(kafka, "out", 3))
                    .extracting(record -> text(record.value()).replaceAll("\"outputs.*]],", ""))
                    .satisfiesExactly(
                            first ->
                                    assertThat(first)
                                            .contains("\"start\":0")
                                            .doesNotContain("flags"),
                            second ->
                                    assertThat(second)
                                            .contains("\"start\":1")
                                            .doesNotContain("flags"),
                            third ->
                                    assertThat(third)
                                            .contains("\"start\":2", "\"flags\":[\"reset-all\"]"));
            job.cancel().get();
        }
    }

    private JobClient start(EmbeddedKafka kafka, String controlTopic) throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(ScoringOptions.MODEL_URI, MODEL.toString());
        configuration.set(JobOptions.BOOTSTRAP_SERVERS, kafka.bootstrapServers());
        configuration.set(JobOptions.INPUT_TOPIC, "in");
        configuration.set(JobOptions.OUTPUT_TOPIC, "out");
        configuration.set(JobOptions.REJECTED_TOPIC, "bad");
        if (controlTopic != null) {
            configuration.set(JobOptions.CONTROL_TOPIC, controlTopic);
        }
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(500));
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        configuration.set(RestOptions.BIND_PORT, "0");
        JobDefaults.apply(configuration);
        ScoringOptions scoring = ScoringOptions.of(configuration);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(1, configuration);
        new ScoringJob(configuration, ServedModel.of(scoring), scoring).build(environment);
        return environment.executeAsync();
    }

    private static KafkaProducer<byte[], byte[]> producer(EmbeddedKafka kafka) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, String key, String value)
            throws Exception {
        producer.send(record(key, value)).get();
    }

    private static void control(KafkaProducer<byte[], byte[]> producer, String value)
            throws Exception {
        producer.send(new ProducerRecord<>("control", bytes(value))).get();
    }

    private static ProducerRecord<byte[], byte[]> record(String key, String value) {
        return new ProducerRecord<>("in", bytes(key), bytes(value));
    }

    private static List<ConsumerRecord<byte[], byte[]>> read(
            EmbeddedKafka kafka, String topic, int count) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                kafka.bootstrapServers(),
                                "isolation.level",
                                "read_committed"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            List<TopicPartition> all = List.of(new TopicPartition(topic, 0));
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Instant end = Instant.now().plus(PATIENCE);
            while (records.size() < count && Instant.now().isBefore(end)) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }

    private static byte[] bytes(String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
