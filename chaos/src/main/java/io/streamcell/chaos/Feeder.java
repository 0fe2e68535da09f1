package io.streamcell.chaos;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends the feed at a steady rate, in order and once, while the broker comes and goes; and stops at
 * each place where a fault is due until that fault has begun, so that every fault meets events.
 */
final class Feeder implements Callable<Long> {
    private static final long PAUSE_MILLIS = 5;

    private final String bootstrapServers;
    private final FeedSize size;
    private final double perSecond;
    private volatile long timesteps;
    private volatile long limit;

    /**
     * @param perSecond timesteps
     */
    Feeder(String bootstrapServers, FeedSize size, double perSecond) {
        this.bootstrapServers = bootstrapServers;
        this.size = size;
        this.perSecond = perSecond;
    }

    /** Timesteps so far. */
    long timesteps() {
        return timesteps;
    }

    /** Lets it send so many timesteps in all. */
    void allow(long most) {
        limit = most;
    }

    /** Sends all; gives how many events there were. */
    @Override
    public Long call() throws Exception {
        AtomicReference<Exception> failure = new AtomicReference<>();
        long events = 0;
        long sent = 0;
        try (KafkaProducer<byte[], byte[]> producer = producer(bootstrapServers)) {
            Feed feed = new Feed(size);
            long due = System.nanoTime();
            while (feed.hasNext()) {
                FeedEvent event = feed.next();
                while (sent >= limit) {
                    Thread.sleep(PAUSE_MILLIS);
                    due = System.nanoTime();
                }
                due += (long) (event.timesteps() / perSecond * 1e9);
                long early = (due - System.nanoTime()) / 1_000_000;
                if (early > PAUSE_MILLIS) {
                    Thread.sleep(early);
                }
                byte[] key = event.stream().getBytes(StandardCharsets.UTF_8);
                Future<RecordMetadata> unused =
                        producer.send(
                                new ProducerRecord<>(
                                        Topics.EVENTS, null, event.time(), key, event.json()),
                                (done, e) -> failure.compareAndSet(null, e));
                sent += event.timesteps();
                timesteps = sent;
                events++;
            }
        }
        if (failure.get() != null) {
            throw failure.get();
        }
        return events;
    }

    /** Says on the control topic, before anything else, when every stream will be reset. */
    static void announce(String bootstrapServers, FeedSize size) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = producer(bootstrapServers)) {
            for (long time : size.resetAlls()) {
                String json = "{\"event\":\"reset-all\",\"time\":%d}".formatted(time);
                producer.send(
                                new ProducerRecord<>(
                                        Topics.CONTROL, json.getBytes(StandardCharsets.UTF_8)))
                        .get();
            }
        }
    }

    private static KafkaProducer<byte[], byte[]> producer(String bootstrapServers) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", bootstrapServers,
                        "acks", "all",
                        "enable.idempotence", true,
                        "linger.ms", 5,
                        "delivery.timeout.ms", 600_000,
                        "max.block.ms", 600_000,
                        "reconnect.backoff.max.ms", 500),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }
}
