package io.streamcell.chaos;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads what is committed on the topics that the job writes, as any consumer of scores would, while
 * the broker comes and goes. Owns its consumer; used by one thread.
 */
final class Committed implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<String, List<byte[]>> scores = new HashMap<>();
    private final Map<String, List<byte[]>> rejected = new HashMap<>();
    private int count;

    Committed(String bootstrapServers) {
        this(bootstrapServers, Map.of());
    }

    /**
     * @param client how it must talk with the broker
     */
    Committed(String bootstrapServers, Map<String, Object> client) {
        consumer = consumer(bootstrapServers, List.of(Topics.SCORES, Topics.REJECTED), client);
    }

    /** Reads some topics from their beginning, what is committed there. */
    static KafkaConsumer<byte[], byte[]> consumer(String bootstrapServers, List<String> topics) {
        return consumer(bootstrapServers, topics, Map.of());
    }

    private static KafkaConsumer<byte[], byte[]> consumer(
            String bootstrapServers, List<String> topics, Map<String, Object> client) {
        Map<String, Object> properties = new HashMap<>(client);
        properties.put("bootstrap.servers", bootstrapServers);
        properties.put("isolation.level", "read_committed");
        properties.put("enable.auto.commit", false);
        properties.put("reconnect.backoff.max.ms", 500);
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : topics) {
            consumer.partitionsFor(topic)
                    .forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return consumer;
    }

    /** Reads what there is, waiting a little for the first record; gives how many came. */
    int read(Duration wait) {
        int came = 0;
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(wait)) {
            if (record.topic().equals(Topics.SCORES)) {
                String stream = new String(record.key(), StandardCharsets.UTF_8);
                scores.computeIfAbsent(stream, name -> new ArrayList<>()).add(record.value());
            } else {
                rejected.computeIfAbsent(Topics.REJECTED, name -> new ArrayList<>())
                        .add(UndisturbedScores.withoutOrigin(record.value()));
            }
            came++;
        }
        count += came;
        return came;
    }

    /** Reads until there is no more. */
    void readToEnd() {
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        while (ends.entrySet().stream()
                .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            read(Duration.ofMillis(100));
        }
    }

    /** Records so far. */
    int count() {
        return count;
    }

    /** What was read. */
    Records records() {
        return new Records(scores, rejected);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
