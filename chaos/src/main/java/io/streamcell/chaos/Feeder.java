package io.streamcell.chaos;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends the feed at a steady rate, in order and once, while the broker comes and goes; and stops at
 * each place where a fault is due until that fault has begun, so that every fault meets events.
 */
final class Feeder implements Callable<Long> {
    private static final long PAUSE_MILLIS = 5;

    /** Events of one transaction. */
    private static final int TOGETHER = 50;

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
        long events = 0;
        long sent = 0;
        try (KafkaProducer<byte[], byte[]> producer =
                producer(bootstrapServers, Map.of("transactional.id", "feed"))) {
            producer.initTransactions();
            Feed feed = new Feed(size);
            List<FeedEvent> together = new ArrayList<>();
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
                together.add(event);
                events++;
                sent += event.timesteps();
                if (together.size() == TOGETHER || sent >= limit || !feed.hasNext()) {
                    commit(producer, together);
                    together.clear();
                    timesteps = sent;
                }
            }
        }
        return events;
    }

    /**
     * Sends events in one transaction, again where it was aborted. A producer without transactions
     * would not do: when a broker comes back, what was on its way may be written a second time.
     */
    private static void commit(KafkaProducer<byte[], byte[]> producer, List<FeedEvent> events) {
        while (true) {
            producer.beginTransaction();
            for (FeedEvent event : events) {
                byte[] key = event.stream().getBytes(StandardCharsets.UTF_8);
                Future<RecordMetadata> unused =
                        producer.send(
                                new ProducerRecord<>(
                                        Topics.EVENTS, null, event.time(), key, event.json()));
            }
            try {
                producer.commitTransaction();
                return;
            } catch (ProducerFencedException | TimeoutException e) {
                // Whether it was committed is not known.
                throw e;
            } catch (KafkaException e) {
                producer.abortTransaction();
            }
        }
    }

    /** Says on the control topic, before anything else, when every stream will be reset. */
    static void announce(String bootstrapServers, FeedSize size) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = producer(bootstrapServers, Map.of())) {
            for (long time : size.resetAlls()) {
                String json = "{\"event\":\"reset-all\",\"time\":%d}".formatted(time);
                producer.send(
                                new ProducerRecord<>(
                                        Topics.CONTROL, json.getBytes(StandardCharsets.UTF_8)))
                        .get();
            }
        }
    }

    private static KafkaProducer<byte[], byte[]> producer(
            String bootstrapServers, Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(more);
        properties.put("bootstrap.servers", bootstrapServers);
        properties.put("acks", "all");
        properties.put("linger.ms", 5);
        properties.put("delivery.timeout.ms", 600_000);
        properties.put("max.block.ms", 600_000);
        properties.put("reconnect.backoff.max.ms", 500);
        return new KafkaProducer<>(
                properties, new ByteArraySerializer(), new ByteArraySerializer());
    }
}
