package io.streamcell.jobs.kafka;

import io.streamcell.jobs.config.JobConfiguration;
import io.streamcell.jobs.config.JobOptions;
import io.streamcell.operators.EventCheck;
import io.streamcell.operators.Header;
import io.streamcell.operators.Incoming;
import java.time.Duration;
import java.util.HashSet;
import java.util.Properties;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The source and the sinks of a job, as its configuration says. */
public final class KafkaConnections {
    /** A broker's usual maximum; after it an open transaction is dropped. */
    private static final Duration TRANSACTION_TIMEOUT = Duration.ofMinutes(15);

    private final Configuration configuration;
    private final String jobName;

    public KafkaConnections(Configuration configuration, String jobName) {
        this.configuration = configuration;
        this.jobName = jobName;
    }

    /** Reads events from where the checkpoint left off. */
    public KafkaSource<Incoming> source(EventCheck check) {
        String topic =
                JobConfiguration.required(
                        configuration, JobOptions.INPUT_TOPIC, "the topic of events");
        return source(topic, new StreamEventDeserializer(check, RecordFormats.of(configuration)));
    }

    /** Reads the control topic. */
    public KafkaSource<ControlRecord> control(String topic) {
        return source(topic, new ControlEventDeserializer());
    }

    /** Reads a part of a topic that has an end. */
    public <T> KafkaSource<T> part(
            TopicRange range, KafkaRecordDeserializationSchema<T> deserializer) {
        Properties properties = committed();
        return KafkaSource.<T>builder()
                .setBootstrapServers(servers())
                .setPartitions(new HashSet<>(range.from().keySet()))
                .setClientIdPrefix(jobName + "-" + range.topic())
                .setStartingOffsets(OffsetsInitializer.offsets(range.from()))
                .setBounded(OffsetsInitializer.offsets(range.to()))
                .setProperties(properties)
                .setDeserializer(deserializer)
                .build();
    }

    /** Reads events of a part of their topic. */
    public KafkaSource<Incoming> events(TopicRange range, EventCheck check) {
        return part(range, new StreamEventDeserializer(check, RecordFormats.of(configuration)));
    }

    private Properties committed() {
        Properties properties = properties();
        properties.putIfAbsent(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        return properties;
    }

    /** Reads only what transactions have committed. */
    private <T> KafkaSource<T> source(
            String topic, KafkaRecordDeserializationSchema<T> deserializer) {
        boolean earliest = configuration.get(JobOptions.INPUT_START) == JobOptions.Start.EARLIEST;
        Properties properties = committed();
        properties.putIfAbsent("partition.discovery.interval.ms", "60000");
        return KafkaSource.<T>builder()
                .setBootstrapServers(servers())
                .setTopics(topic)
                .setClientIdPrefix(jobName + "-" + topic)
                .setStartingOffsets(
                        earliest ? OffsetsInitializer.earliest() : OffsetsInitializer.latest())
                .setProperties(properties)
                .setDeserializer(deserializer)
                .build();
    }

    /** A consumer of no group, which reads only what transactions have committed. */
    public Consumer<byte[], byte[]> consumer() {
        Properties properties = committed();
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, servers());
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        return new KafkaConsumer<>(
                properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * A sink of records.
     *
     * @param name completes the transactional ids
     */
    public KafkaSink<OutgoingRecord> sink(String name) {
        Properties properties = properties();
        properties.putIfAbsent(
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                String.valueOf(TRANSACTION_TIMEOUT.toMillis()));
        return KafkaSink.<OutgoingRecord>builder()
                .setBootstrapServers(servers())
                .setKafkaProducerConfig(properties)
                .setDeliveryGuarantee(
                        configuration.get(JobOptions.OUTPUT_DELIVERY)
                                        == JobOptions.Delivery.EXACTLY_ONCE
                                ? DeliveryGuarantee.EXACTLY_ONCE
                                : DeliveryGuarantee.AT_LEAST_ONCE)
                .setTransactionalIdPrefix(jobName + "-" + name)
                .setRecordSerializer(new AsItIs())
                .build();
    }

    /** How large a record Kafka takes. */
    public RecordLimit limit() {
        Properties clients = properties();
        clients.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, servers());
        return new RecordLimit(clients);
    }

    /** How long Kafka keeps an open transaction of this job. */
    public static Duration transactionTimeout(Configuration configuration) {
        String given =
                configuration.getString(
                        JobOptions.KAFKA_PROPERTIES + ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                        String.valueOf(TRANSACTION_TIMEOUT.toMillis()));
        return Duration.ofMillis(Long.parseLong(given));
    }

    private String servers() {
        return JobConfiguration.required(
                configuration, JobOptions.BOOTSTRAP_SERVERS, "where Kafka is, host:port");
    }

    private Properties properties() {
        Properties properties = new Properties();
        configuration
                .toMap()
                .forEach(
                        (key, value) -> {
                            if (key.startsWith(JobOptions.KAFKA_PROPERTIES)) {
                                properties.put(
                                        key.substring(JobOptions.KAFKA_PROPERTIES.length()), value);
                            }
                        });
        return properties;
    }

    /** Passes a record on to the producer. */
    private static final class AsItIs implements KafkaRecordSerializationSchema<OutgoingRecord> {
        private static final long serialVersionUID = 1;

        @Override
        public ProducerRecord<byte[], byte[]> serialize(
                OutgoingRecord record, KafkaSinkContext context, Long timestamp) {
            ProducerRecord<byte[], byte[]> produced =
                    new ProducerRecord<>(
                            record.topic(), null, record.timestamp(), record.key(), record.value());
            for (Header header : record.headers()) {
                produced.headers().add(header.key(), header.value());
            }
            return produced;
        }
    }
}
