package io.streamcell.benchmarks.hostile;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends a case's records, and counts what must come of them. Owns its producer. */
final class Sender implements AutoCloseable {
    /** Above every record of every case. */
    static final String MOST_BYTES = String.valueOf(96 << 20);

    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private Future<?> last;
    private volatile Exception failed;
    private long timesteps;
    private long rejected;

    Sender(String bootstrapServers, String topic) {
        this.producer =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                bootstrapServers,
                                "linger.ms",
                                20,
                                "batch.size",
                                1 << 17,
                                "buffer.memory",
                                128L << 20,
                                "max.request.size",
                                MOST_BYTES),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        this.topic = topic;
    }

    /** A chunk that must be scored. */
    void send(String stream, String json, int count) {
        timesteps += count;
        send(new ProducerRecord<>(topic, utf8(stream), utf8(json)));
    }

    /** A chunk of one timestep whose score has no room beside its header, and must be rejected. */
    void sendWithHeader(String stream, String json, int bytes) {
        rejected++;
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, utf8(stream), utf8(json));
        record.headers().add("trace", new byte[bytes]);
        send(record);
    }

    /**
     * A reset.
     *
     * @param field more of it, or null
     * @param tooMany whether it must be rejected
     */
    void reset(String stream, String field, boolean tooMany) {
        rejected += tooMany ? 1 : 0;
        String more = field == null ? "" : "," + field;
        send(new ProducerRecord<>(topic, utf8(stream), utf8("{\"event\":\"reset\"" + more + "}")));
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        last =
                producer.send(
                        record, (sent, failure) -> failed = failure == null ? failed : failure);
    }

    /** Waits until all have arrived. */
    void flush() throws ExecutionException, InterruptedException {
        producer.flush();
        last.get();
        if (failed != null) {
            throw new IllegalStateException("every record must arrive on " + topic, failed);
        }
    }

    /** Timesteps that must be scored. */
    long timesteps() {
        return timesteps;
    }

    /** Records that must be rejected. */
    long rejected() {
        return rejected;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        producer.close();
    }
}
