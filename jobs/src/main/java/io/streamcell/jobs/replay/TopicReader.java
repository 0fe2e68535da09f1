package io.streamcell.jobs.replay;

import io.streamcell.jobs.kafka.KafkaConnections;
import io.streamcell.jobs.kafka.TopicRange;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Reads a part of a topic here and now. Owns the consumer. */
final class TopicReader implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Consumer<byte[], byte[]> consumer;
    private final TopicRange range;
    private final Deque<ConsumerRecord<byte[], byte[]>> polled = new ArrayDeque<>();

    private TopicReader(Consumer<byte[], byte[]> consumer, TopicRange range) {
        this.consumer = consumer;
        this.range = range;
    }

    static TopicReader of(KafkaConnections kafka, TopicRange range) {
        Consumer<byte[], byte[]> consumer = kafka.consumer();
        List<TopicPartition> partitions =
                range.from().keySet().stream()
                        .filter(each -> range.from().get(each) < range.to().get(each))
                        .toList();
        consumer.assign(partitions);
        partitions.forEach(each -> consumer.seek(each, range.from().get(each)));
        return new TopicReader(consumer, range);
    }

    /** The next record, or null at the end. */
    ConsumerRecord<byte[], byte[]> next() throws IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (polled.isEmpty()) {
            if (atEnd()) {
                return null;
            }
            if (System.nanoTime() > deadline) {
                throw new IOException(
                        "topic %s must be readable up to %s, nothing came for %s: is Kafka there?"
                                .formatted(range.topic(), range.to(), PATIENCE));
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.offset() < range.to().get(partition(record))) {
                    polled.add(record);
                }
            }
        }
        return polled.poll();
    }

    private static TopicPartition partition(ConsumerRecord<?, ?> record) {
        return new TopicPartition(record.topic(), record.partition());
    }

    private boolean atEnd() {
        for (Map.Entry<TopicPartition, Long> end : range.to().entrySet()) {
            if (range.from().get(end.getKey()) < end.getValue()
                    && consumer.position(end.getKey()) < end.getValue()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
