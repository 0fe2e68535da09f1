package io.streamcell.jobs.replay;

import io.streamcell.jobs.ScoringJob;
import io.streamcell.jobs.config.JobConfiguration;
import io.streamcell.jobs.config.JobDefaults;
import io.streamcell.jobs.demo.EmbeddedKafka;
import io.streamcell.operators.ScoringOptions;
import io.streamcell.operators.ServedModel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A Kafka job that scores, with its topics; who waits, waits for records. Owns the producer. */
final class RecordedJob implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    final Path config;
    private final EmbeddedKafka kafka;
    private final Path work;
    private final KafkaProducer<byte[], byte[]> producer;
    private JobClient job;

    RecordedJob(EmbeddedKafka kafka, Path work, Path model) throws Exception {
        this.kafka = kafka;
        this.work = work;
        kafka.createTopic("in", 2);
        kafka.createTopic("out", 2);
        kafka.createTopic("states", 1);
        kafka.createTopic("bad", 1);
        kafka.createTopic("control", 1);
        config =
                Files.writeString(
                        work.resolve("job.yaml"),
                        """
                        model.uri: %s
                        kafka.bootstrap-servers: %s
                        input.topic: in
                        output.topic: out
                        state.topic: states
                        rejected.topic: bad
                        control.topic: control
                        sequence.idle-reset: 10 min
                        parallelism.default: 2
                        rest.bind-port: "0"
                        execution.checkpointing.interval: 200 ms
                        execution.checkpointing.dir: %s
                        restart-strategy.type: none
                        """
                                .formatted(
                                        model,
                                        kafka.bootstrapServers(),
                                        work.resolve("checkpoints").toUri()));
        producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
    }

    /**
     * Starts the job.
     *
     * @param from the savepoint that it goes on from, or null
     */
    void start(String from) throws Exception {
        Configuration configuration = JobConfiguration.read(config);
        JobDefaults.apply(configuration);
        if (from != null) {
            configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, from);
        }
        ScoringOptions scoring = JobConfiguration.scoring(configuration);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(2, configuration);
        new ScoringJob(configuration, ServedModel.of(scoring), scoring).build(environment);
        job = environment.executeAsync();
    }

    /** Stops it; gives the savepoint. */
    String stop() throws Exception {
        return job.stopWithSavepoint(
                        false,
                        work.resolve("savepoints").toUri().toString(),
                        SavepointFormatType.CANONICAL)
                .get();
    }

    void send(String topic, String stream, String value, long time) throws Exception {
        byte[] key = stream == null ? null : stream.getBytes(StandardCharsets.UTF_8);
        producer.send(
                        new ProducerRecord<>(
                                topic, null, time, key, value.getBytes(StandardCharsets.UTF_8)))
                .get();
    }

    /** Copies a topic's committed records, changed. */
    void copy(String from, String to, java.util.function.UnaryOperator<List<Copied>> change)
            throws Exception {
        kafka.createTopic(to, 2);
        List<Copied> records = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : all(from)) {
            records.add(
                    new Copied(
                            new String(record.key(), StandardCharsets.UTF_8),
                            new String(record.value(), StandardCharsets.UTF_8)));
        }
        for (Copied record : change.apply(records)) {
            send(to, record.stream(), record.value(), System.currentTimeMillis());
        }
    }

    /** A record that is copied. */
    record Copied(String stream, String value) {}

    private KafkaConsumer<byte[], byte[]> consumer(String topic) {
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                kafka.bootstrapServers(),
                                "isolation.level",
                                "read_committed"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        List<TopicPartition> partitions =
                consumer.partitionsFor(topic).stream()
                        .map(info -> new TopicPartition(topic, info.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }

    /** All that is committed. */
    List<ConsumerRecord<byte[], byte[]>> all(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(topic)) {
            Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
            while (ends.entrySet().stream()
                    .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    /** Where a topic ends, as the command line takes it. */
    String ends(String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(topic)) {
            List<String> ends = new ArrayList<>();
            consumer.endOffsets(consumer.assignment())
                    .forEach((partition, end) -> ends.add(partition.partition() + ":" + end));
            return String.join(",", ends);
        }
    }

    /** Waits until so many committed records are as they are wanted; gives the last of them. */
    String await(String topic, int count, Predicate<String> wanted) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int found = 0;
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(topic)) {
            while (System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> record :
                        consumer.poll(Duration.ofMillis(100))) {
                    String value = new String(record.value(), StandardCharsets.UTF_8);
                    if (wanted.test(value) && ++found == count) {
                        return value;
                    }
                }
                if (job.getJobExecutionResult().isDone()) {
                    job.getJobExecutionResult().get();
                }
            }
        }
        throw new AssertionError(
                "%d records must come in %s, got %d".formatted(count, topic, found));
    }

    @Override
    public void close() {
        producer.close();
    }
}
