package io.streamcell.jobs.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamcell.jobs.ScoringJob;
import io.streamcell.jobs.avro.AvroBytes;
import io.streamcell.jobs.avro.RegistryStandIn;
import io.streamcell.jobs.config.JobDefaults;
import io.streamcell.jobs.config.JobOptions;
import io.streamcell.jobs.config.JobOptions.Format;
import io.streamcell.jobs.demo.EmbeddedKafka;
import io.streamcell.jobs.formats.EventTable;
import io.streamcell.operators.Header;
import io.streamcell.operators.ScoringOptions;
import io.streamcell.operators.ServedModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
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

/** Whatever the format, the same scores come out, bit for bit, in the same order. */
class FormatsITCase {
    private static final Path MODEL =
            Path.of("../models/src/test/golden/lstm-sequences/model.keras");
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final float[] FIRST = {0.1f, -2, 3.5f, 0, 1e-7f, 5, 4, 3, 2, 1};
    private static final float[] SECOND = {9, 8, 7, 6.25f, -5};

    @TempDir Path work;

    private String registryUrl;

    /** What a record says, whatever its format. */
    private record Said(
            String stream, String start, String time, String flags, List<Integer> bits) {}

    @Test
    void theScoresAreTheSameWhateverTheFormat() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(work.resolve("kafka"));
                RegistryStandIn registry = RegistryStandIn.start("me:secret")) {
            registryUrl = registry.url();
            List<Said> json =
                    scores(kafka, Format.JSON, jsonEvents()).stream()
                            .map(FormatsITCase::json)
                            .toList();
            List<Said> float32 =
                    scores(kafka, Format.FLOAT32, float32Events()).stream()
                            .map(FormatsITCase::float32)
                            .toList();
            List<Said> avro =
                    scores(kafka, Format.AVRO, avroEvents(registry)).stream()
                            .map(record -> avro(registry, record))
                            .toList();

            assertThat(json).hasSize(3);
            assertThat(json.get(2).flags()).isEqualTo("reset");
            assertThat(float32).isEqualTo(json);
            assertThat(avro).isEqualTo(json);
        }
    }

    private static List<ProducerRecord<byte[], byte[]>> jsonEvents() {
        return List.of(
                record(
                        text("{\"time\":[7,8],\"values\":[[0.1,-2,3.5,0,1e-7],[5,4,3,2,1]]}"),
                        List.of()),
                record(text("{\"start\":2,\"values\":[[9,8,7,6.25,-5]]}"), List.of()),
                record(text("{\"event\":\"reset\"}"), List.of()),
                record(text("{\"event\":\"oops\"}"), List.of()),
                record(text("{\"time\":9,\"values\":[[9,8,7,6.25,-5]]}"), List.of()));
    }

    private static List<ProducerRecord<byte[], byte[]>> float32Events() {
        return List.of(
                record(EventTable.floats(FIRST), EventTable.headers("time", "7,8")),
                record(EventTable.floats(SECOND), EventTable.headers("start", "2")),
                record(EventTable.floats(), EventTable.headers("event", "reset")),
                record(EventTable.floats(1, 2, 3), List.of()),
                record(EventTable.floats(SECOND), EventTable.headers("time", "9")));
    }

    private static List<ProducerRecord<byte[], byte[]>> avroEvents(RegistryStandIn registry) {
        int id = registry.add(AvroBytes.eventSchema());
        return Stream.of(
                        AvroBytes.event(Map.of("time", List.of(7L, 8L), "values", rows(FIRST))),
                        AvroBytes.event(Map.of("start", 2L, "values", rows(SECOND))),
                        AvroBytes.event(Map.of("event", "reset")),
                        new byte[] {1, 2, 3},
                        AvroBytes.event(Map.of("time", 9L, "values", rows(SECOND))))
                .map(value -> record(AvroBytes.framed(id, value), List.of()))
                .toList();
    }

    /** Rows of five. */
    private static List<List<Float>> rows(float[] values) {
        List<List<Float>> rows = new ArrayList<>();
        for (int k = 0; k < values.length; k++) {
            if (k % 5 == 0) {
                rows.add(new ArrayList<>());
            }
            rows.get(k / 5).add(values[k]);
        }
        return rows;
    }

    private static Said avro(RegistryStandIn registry, ConsumerRecord<byte[], byte[]> record) {
        GenericRecord score =
                AvroBytes.read(registry.latest(record.topic() + "-value"), record.value(), 5);
        List<Integer> bits = new ArrayList<>();
        for (Object output : (List<?>) score.get("outputs")) {
            for (Object value : (List<?>) ((GenericRecord) output).get("values")) {
                bits.add(Float.floatToRawIntBits((Float) value));
            }
        }
        return new Said(
                text(record.key()),
                score.get("start").toString(),
                listed(score.get("time")),
                listed(score.get("flags")),
                bits);
    }

    /** The elements with commas between them, or null where there is nothing. */
    private static String listed(Object value) {
        String text = String.valueOf(value).replaceAll("[\\[\\] ]", "");
        return value == null || text.isEmpty() ? null : text;
    }

    private static Said json(ConsumerRecord<byte[], byte[]> record) {
        JsonNode score = tree(record.value());
        List<Integer> bits = new ArrayList<>();
        score.get("outputs")
                .forEach(
                        row ->
                                row.forEach(
                                        number ->
                                                bits.add(
                                                        Float.floatToRawIntBits(
                                                                Float.parseFloat(
                                                                        number.asText())))));
        return new Said(
                text(record.key()),
                score.get("start").asText(),
                said(score.get("time")),
                said(score.get("flags")),
                bits);
    }

    private static String said(JsonNode node) {
        return node == null ? null : node.toString().replaceAll("[\\[\\]\"]", "");
    }

    private static JsonNode tree(byte[] json) {
        try {
            return new ObjectMapper().readTree(json);
        } catch (java.io.IOException e) {
            throw new AssertionError(text(json), e);
        }
    }

    private static Said float32(ConsumerRecord<byte[], byte[]> record) {
        List<Integer> bits = new ArrayList<>();
        ByteBuffer value = ByteBuffer.wrap(record.value()).order(ByteOrder.LITTLE_ENDIAN);
        while (value.hasRemaining()) {
            bits.add(value.getInt());
        }
        return new Said(
                text(record.key()),
                header(record, "start"),
                header(record, "time"),
                header(record, "flags"),
                bits);
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String key) {
        var header = record.headers().lastHeader(key);
        return header == null ? null : text(header.value());
    }

    /** What a job of its own makes of the events. */
    private List<ConsumerRecord<byte[], byte[]>> scores(
            EmbeddedKafka kafka, Format format, List<ProducerRecord<byte[], byte[]>> events)
            throws Exception {
        for (String topic : List.of("in", "out", "bad")) {
            kafka.createTopic(topic + "-" + format, 1);
        }
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            for (ProducerRecord<byte[], byte[]> event : events) {
                producer.send(
                                new ProducerRecord<>(
                                        "in-" + format,
                                        null,
                                        event.key(),
                                        event.value(),
                                        event.headers()))
                        .get();
            }
        }
        JobClient job = start(kafka, format);
        List<ConsumerRecord<byte[], byte[]>> scores = read(kafka, "out-" + format, 3);
        assertThat(read(kafka, "bad-" + format, 1)).hasSize(1);
        job.cancel().get();
        return scores;
    }

    private JobClient start(EmbeddedKafka kafka, Format format) throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(ScoringOptions.MODEL_URI, MODEL.toString());
        configuration.set(JobOptions.BOOTSTRAP_SERVERS, kafka.bootstrapServers());
        configuration.set(JobOptions.INPUT_TOPIC, "in-" + format);
        configuration.set(JobOptions.INPUT_FORMAT, format);
        configuration.set(JobOptions.OUTPUT_TOPIC, "out-" + format);
        configuration.set(JobOptions.OUTPUT_FORMAT, format);
        configuration.set(JobOptions.REGISTRY_URL, registryUrl);
        configuration.set(JobOptions.REGISTRY_BASIC_AUTH, "me:secret");
        configuration.set(JobOptions.REJECTED_TOPIC, "bad-" + format);
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

    private static ProducerRecord<byte[], byte[]> record(byte[] value, List<Header> headers) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>("any", text("m-17"), value);
        headers.forEach(header -> record.headers().add(header.key(), header.value()));
        return record;
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

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
