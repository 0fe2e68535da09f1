package io.streamcell.benchmarks.pipeline;

import io.streamcell.operators.StreamEvent;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes a workload's events to a topic. Owns its producer; used by one thread. */
final class Producing implements AutoCloseable {
    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final Events events;
    private Future<?> last;
    private volatile Exception failed;

    /**
     * @param lingerMillis how long the producer waits for more records to send together
     */
    Producing(String bootstrapServers, String topic, Workload workload, int lingerMillis) {
        this.producer =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers", bootstrapServers,
                                "linger.ms", lingerMillis,
                                "batch.size", 1 << 17),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        this.topic = topic;
        this.events = new Events(workload);
    }

    /**
     * Sends an event; whether all arrived is seen when scores are counted.
     *
     * @param timestamp of the record, epoch milliseconds
     */
    void send(long index, long timestamp) {
        StreamEvent event = events.event(index);
        byte[] key = event.stream().getBytes(StandardCharsets.UTF_8);
        byte[] value = Events.json(event).getBytes(StandardCharsets.UTF_8);
        last =
                producer.send(
                        new ProducerRecord<>(topic, null, timestamp, key, value),
                        (sent, failure) -> failed = failure == null ? failed : failure);
    }

    /**
     * Waits until all that was sent has arrived.
     *
     * @throws ExecutionException if the last event did not
     * @throws IllegalStateException if another did not
     */
    void flush() throws ExecutionException, InterruptedException {
        producer.flush();
        last.get();
        if (failed != null) {
            throw new IllegalStateException("every event must arrive on topic " + topic, failed);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
