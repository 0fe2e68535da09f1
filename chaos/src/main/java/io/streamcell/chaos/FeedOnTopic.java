package io.streamcell.chaos;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/**
 * Whether the topic of events holds the feed, each stream's events in order and once. Where it does
 * not, the two runs were not given the same, and comparing them says nothing.
 */
final class FeedOnTopic {
    private FeedOnTopic() {}

    /**
     * Reads the topic and compares.
     *
     * @throws IllegalStateException if it holds anything else
     */
    static void check(KafkaConsumer<byte[], byte[]> consumer, FeedSize size) {
        Map<String, Long> left = new HashMap<>();
        Feed feed = new Feed(size);
        long events = 0;
        while (feed.hasNext()) {
            FeedEvent event = feed.next();
            left.merge(event.stream(), mixed(0, event.json()), (h, one) -> mixed(h, event.json()));
            events++;
        }
        Map<String, Long> found = new HashMap<>();
        var ends = consumer.endOffsets(consumer.assignment());
        long records = 0;
        while (ends.entrySet().stream()
                .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                String stream = new String(record.key(), StandardCharsets.UTF_8);
                found.put(stream, mixed(found.getOrDefault(stream, 0L), record.value()));
                records++;
            }
        }
        if (!left.equals(found)) {
            throw new IllegalStateException(
                    "the topic must hold the feed, each stream's events in order and once, got %d events of %d: the two runs cannot be compared"
                            .formatted(records, events));
        }
    }

    private static long mixed(long hash, byte[] bytes) {
        return (hash * 1_000_003 + Arrays.hashCode(bytes)) * 0x9E3779B97F4A7C15L + 1;
    }
}
