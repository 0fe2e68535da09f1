package io.streamcell.benchmarks.pipeline;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads what is committed on a topic of scores. Owns its consumer; used by one thread. */
final class ScoreTopic implements AutoCloseable {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Duration WAIT = Duration.ofMillis(20);

    private final KafkaConsumer<byte[], byte[]> consumer;

    /** Every output of some streams, by stream. */
    private final Map<String, List<Float>> kept = new HashMap<>();

    private long[] times = new long[1 << 16];
    private int count;

    /**
     * @param sampled streams whose outputs are kept
     * @throws IllegalStateException if the broker does not know the topic: of one without
     *     partitions no score would ever be read
     */
    ScoreTopic(String bootstrapServers, String topic, List<String> sampled) {
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
                                false,
                                "allow.auto.create.topics",
                                false),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        sampled.forEach(stream -> kept.put(stream, new ArrayList<>()));
        List<TopicPartition> partitions =
                consumer.partitionsFor(topic).stream()
                        .map(info -> new TopicPartition(topic, info.partition()))
                        .toList();
        if (partitions.isEmpty()) {
            consumer.close();
            throw new IllegalStateException(
                    "topic %s must have partitions to read scores from, got none: is it known yet?"
                            .formatted(topic));
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** Records that are committed, and the marks of commits among them; cheap. */
    long committed() {
        return consumer.endOffsets(consumer.assignment()).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** Records that have come since the last call, which waits a little for the first. */
    Iterable<ConsumerRecord<byte[], byte[]>> poll() {
        return consumer.poll(WAIT);
    }

    /** Reads what there is, and waits a little for more. */
    void read() throws IOException {
        for (ConsumerRecord<byte[], byte[]> record : poll()) {
            if (count == times.length) {
                times = Arrays.copyOf(times, 2 * count);
            }
            times[count++] = record.timestamp();
            List<Float> keep = kept.get(new String(record.key(), StandardCharsets.UTF_8));
            if (keep != null) {
                outputs(record.value(), keep);
            }
        }
    }

    /** Reads all that is committed now. */
    void readToEnd() throws IOException {
        Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
        while (ends.entrySet().stream()
                .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            read();
        }
    }

    /** Records that were read. */
    int count() {
        return count;
    }

    /** When the broker took each record that was read, epoch milliseconds, in order. */
    long[] times() {
        long[] ordered = Arrays.copyOf(times, count);
        Arrays.sort(ordered);
        return ordered;
    }

    /** Every output of the sampled streams that was read, in order, by stream. */
    Map<String, float[]> sample() {
        Map<String, float[]> sample = new HashMap<>();
        kept.forEach((stream, values) -> sample.put(stream, floats(values)));
        return sample;
    }

    /** Adds the numbers in a score's field {@code outputs}. */
    private static void outputs(byte[] score, List<Float> to) throws IOException {
        try (JsonParser parser = JSON.createParser(score)) {
            boolean inOutputs = false;
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME) {
                    inOutputs = parser.currentName().equals("outputs");
                } else if (inOutputs && token.isNumeric()) {
                    to.add(parser.getFloatValue());
                }
            }
        }
    }

    private static float[] floats(List<Float> values) {
        float[] floats = new float[values.size()];
        for (int k = 0; k < floats.length; k++) {
            floats[k] = values.get(k);
        }
        return floats;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
