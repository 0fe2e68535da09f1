package io.streamcell.jobs.demo;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads what is committed on a topic, as any consumer of scores would. Owns the consumer; used by
 * one thread.
 */
public final class ScoreReader implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<String, List<byte[]>> byStream = new HashMap<>();
    private int count;

    public ScoreReader(String bootstrapServers, String topic) {
        consumer =
                new KafkaConsumer<>(
                        Map.of(
                                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers,
                                ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
                                ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "10000",
                                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        List<TopicPartition> partitions =
                consumer.partitionsFor(topic).stream()
                        .map(info -> new TopicPartition(topic, info.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Is told of each record as it arrives. */
    public interface Listener {
        void arrived(String stream, byte[] value);
    }

    /** Reads what there is, waiting a little for the first record; gives how many came. */
    public int poll(Duration wait, Listener listener) {
        int came = 0;
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(wait)) {
            byte[] key = record.key();
            String stream = key == null ? "" : new String(key, StandardCharsets.UTF_8);
            byStream.computeIfAbsent(stream, name -> new ArrayList<>()).add(record.value());
            listener.arrived(stream, record.value());
            came++;
        }
        count += came;
        return came;
    }

    /** Whether everything that is committed has been read. */
    public boolean atEnd() {
        return consumer.endOffsets(consumer.assignment()).entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    /** Records so far. */
    public int count() {
        return count;
    }

    /** All records of each stream, in order; those without a key under the empty name. */
    public Map<String, List<byte[]>> byStream() {
        return byStream;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
