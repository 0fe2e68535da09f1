package io.streamcell.benchmarks.hostile;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Counts what is committed on a topic. Owns its consumer. */
final class Committed implements AutoCloseable {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Duration WAIT = Duration.ofMillis(100);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private long records;
    private long rows;

    Committed(String bootstrapServers, String topic) {
        consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                bootstrapServers,
                                "isolation.level",
                                "read_committed",
                                "max.poll.records",
                                10_000,
                                "enable.auto.commit",
                                false),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        List<TopicPartition> partitions =
                consumer.partitionsFor(topic).stream()
                        .map(info -> new TopicPartition(topic, info.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Reads what there is, and waits a little for more. */
    void read() throws IOException {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(WAIT)) {
            records++;
            rows += rows(record.value());
        }
    }

    /** The rows of a score's outputs; 0 for another record. */
    private static int rows(byte[] value) throws IOException {
        try (JsonParser json = JSON.createParser(value)) {
            while (json.nextToken() != null) {
                if (json.currentToken() == JsonToken.FIELD_NAME
                        && json.currentName().equals("outputs")) {
                    return length(json);
                }
            }
            return 0;
        }
    }

    private static int length(JsonParser json) throws IOException {
        int length = 0;
        json.nextToken();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            length++;
            json.skipChildren();
        }
        return length;
    }

    long records() {
        return records;
    }

    /** Rows of all scores' outputs. */
    long rows() {
        return rows;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
