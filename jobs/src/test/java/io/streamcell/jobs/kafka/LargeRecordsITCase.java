package io.streamcell.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is larger than a topic takes stops no job, and is not lost without a word. */
class LargeRecordsITCase {
    private static final Path MODEL =
            Path.of("../models/src/test/golden/lstm-sequences/model.keras");
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int LIMIT = 2000;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir Path work;

    @Test
    void longScoresAreCutToWhatTheTopicTakesAndWhatCannotBeCutIsPutAside() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(work.resolve("kafka"))) {
            kafka.createTopic("in", 1);
            kafka.createTopic("bad", 1);
            createTopic(kafka, "out", LIMIT);
            JobClient job = start(kafka);
            try (KafkaProducer<byte[], byte[]> producer = producer(kafka)) {
                String rows = String.join(",", Collections.nCopies(100, "[1,2,3,4,5]"));
                producer.send(record("a", "{\"values\":[%s]}".formatted(rows))).get();
                ProducerRecord<byte[], byte[]> wide = record("a", "{\"values\":[[1,2,3,4,5]]}");
                wide.headers().add("trace", new byte[LIMIT]);
                producer.send(wide).get();
                producer.send(record("x".repeat(40_000), "{\"values\":[[1,2,3,4,5]]}")).get();
                producer.send(record("a", "{\"values\":[[1,2,3,4,5]]}")).get();
            }

            List<JsonNode> scores = read(kafka, "out", score -> score.get("start").asLong() == 101);
            long next = 0;
            for (JsonNode score : scores.subList(0, scores.size() - 1)) {
                assertThat(score.get("start").asLong()).isEqualTo(next);
                next += score.get("outputs").size();
            }
            assertThat(next).isEqualTo(100);
            List<JsonNode> bad =
                    read(kafka, "bad", one -> one.get("reason").asText().equals("too-large"));
            assertThat(bad).extracting(one -> one.get("reason").asText()).contains("too-large");
            assertThat(bad.get(bad.size() - 1).get("message").asText())
                    .startsWith(
                            "a record must have at most 2000 bytes with its key and headers, got 2")
                    .contains(
                            " for the score from timestep 100 on at stream a: raise max.message.bytes");
            job.cancel().get();
        }
    }

    private JobClient start(EmbeddedKafka kafka) throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(ScoringOptions.MODEL_URI, MODEL.toString());
        configuration.set(JobOptions.BOOTSTRAP_SERVERS, kafka.bootstrapServers());
        configuration.set(JobOptions.INPUT_TOPIC, "in");
        configuration.set(JobOptions.OUTPUT_TOPIC, "out");
        configuration.set(JobOptions.REJECTED_TOPIC, "bad");
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

    private static void createTopic(EmbeddedKafka kafka, String name, int maxBytes)
            throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            NewTopic topic =
                    new NewTopic(name, 1, (short) 1)
                            .configs(Map.of("max.message.bytes", String.valueOf(maxBytes)));
            admin.createTopics(List.of(topic)).all().get();
        }
    }

    private static KafkaProducer<byte[], byte[]> producer(EmbeddedKafka kafka) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static ProducerRecord<byte[], byte[]> record(String key, String value) {
        return new ProducerRecord<>(
                "in", key.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8));
    }

    /** All records up to one that is looked for. */
    private static List<JsonNode> read(EmbeddedKafka kafka, String topic, Predicate<JsonNode> last)
            throws Exception {
        List<JsonNode> records = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                kafka.bootstrapServers(),
                                "isolation.level",
                                "read_committed"),
                        new StringDeserializer(),
                        new StringDeserializer())) {
            List<TopicPartition> all = List.of(new TopicPartition(topic, 0));
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Instant end = Instant.now().plus(PATIENCE);
            while (Instant.now().isBefore(end)) {
                for (var record : consumer.poll(Duration.ofMillis(200))) {
                    records.add(JSON.readTree(record.value()));
                    if (last.test(records.get(records.size() - 1))) {
                        return records;
                    }
                }
            }
        }
        throw new AssertionError("the record must come, got " + records);
    }
}
