package io.streamcell.chaos;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends events that are in order, and records that are no events. Owns its producer. */
final class Readings implements AutoCloseable {
    private static final int STREAMS = 50;
    private static final int FEATURES = 3;
    private static final int LONGEST_CHUNK = 8;

    private final KafkaProducer<byte[], byte[]> producer;
    private final Random random = new Random(1);
    private int events;
    private int timesteps;
    private int rejects;

    /**
     * @param client how it must talk with the broker
     */
    Readings(String bootstrapServers, Map<String, Object> client) {
        Map<String, Object> properties = new HashMap<>(client);
        properties.put("bootstrap.servers", bootstrapServers);
        properties.put("acks", "all");
        producer =
                new KafkaProducer<>(
                        properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Sends so many events more. */
    void send(int count) {
        for (int k = 0; k < count; k++) {
            int rows = 1 + random.nextInt(LONGEST_CHUNK);
            String stream = "m-" + random.nextInt(STREAMS);
            put(stream, "{\"stream\":\"%s\",\"values\":[%s]}".formatted(stream, rows(rows)));
            events++;
            timesteps += rows;
        }
        producer.flush();
    }

    private String rows(int count) {
        StringBuilder text = new StringBuilder();
        for (int row = 0; row < count; row++) {
            for (int k = 0; k < FEATURES; k++) {
                text.append(k > 0 ? "," : row > 0 ? ",[" : "[");
                text.append(Math.round(random.nextGaussian() * 10_000) / 10_000f);
            }
            text.append(']');
        }
        return text.toString();
    }

    /** Sends so many records more that are no events. */
    void sendRejects(int count) {
        for (int k = 0; k < count; k++) {
            String stream = "m-" + random.nextInt(STREAMS);
            put(stream, "{\"stream\":\"%s\",\"values\":\"no numbers\"}".formatted(stream));
            rejects++;
        }
        producer.flush();
    }

    private void put(String stream, String json) {
        Future<RecordMetadata> unused =
                producer.send(
                        new ProducerRecord<>(
                                Topics.EVENTS,
                                stream.getBytes(StandardCharsets.UTF_8),
                                json.getBytes(StandardCharsets.UTF_8)));
    }

    /** Events so far. */
    int events() {
        return events;
    }

    /** Timesteps of these. */
    int timesteps() {
        return timesteps;
    }

    /** Records so far that were no events. */
    int rejects() {
        return rejects;
    }

    @Override
    public void close() {
        producer.close();
    }
}
