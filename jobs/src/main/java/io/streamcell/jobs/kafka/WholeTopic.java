package io.streamcell.jobs.kafka;

import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.operators.Header;
import io.streamcell.operators.Origin;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * A topic from its first record to the last one that is committed now.
 *
 * @param configuration of a job that knows where Kafka is
 */
public record WholeTopic(Configuration configuration, String name) {
    private static final Duration SOME = Duration.ofSeconds(1);

    /** Who takes a record's key, value and headers, and where it was. */
    @FunctionalInterface
    public interface Taker {
        void take(byte[] key, byte[] value, List<Header> headers, Origin origin) throws IOException;
    }

    /**
     * Reads it, partition by partition in order.
     *
     * @throws ConfigurationException if there is no such topic
     * @throws IOException if Kafka cannot be read, or by the taker
     */
    public void read(Taker taker) throws IOException {
        try (Consumer<byte[], byte[]> consumer =
                new KafkaConnections(configuration, name).consumer()) {
            Map<TopicPartition, Long> ends = ends(consumer);
            consumer.assign(ends.keySet());
            consumer.seekToBeginning(ends.keySet());
            while (!ends.isEmpty()) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(SOME)) {
                    taker.take(
                            record.key(),
                            record.value(),
                            StreamEventDeserializer.headers(record),
                            new Origin(record.topic(), record.partition(), record.offset()));
                }
                ends.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
                consumer.assign(ends.keySet());
            }
        } catch (KafkaException e) {
            throw new IOException(
                    "topic %s must be readable, got: %s".formatted(name, e.getMessage()), e);
        }
    }

    private Map<TopicPartition, Long> ends(Consumer<byte[], byte[]> consumer) {
        List<TopicPartition> partitions =
                consumer.partitionsFor(name).stream()
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
        if (partitions.isEmpty()) {
            throw new ConfigurationException("--topic must be a topic that Kafka has, got " + name);
        }
        return new HashMap<>(consumer.endOffsets(partitions));
    }
}
