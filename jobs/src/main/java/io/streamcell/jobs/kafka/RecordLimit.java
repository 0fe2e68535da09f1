package io.streamcell.jobs.kafka;

import io.streamcell.operators.Header;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How large a record Kafka takes. One that is larger fails the producer, or the broker refuses it,
 * and a job that sends it again after every restart never goes on: so nobody sends it.
 *
 * @param clients the properties of every client of the job
 */
public record RecordLimit(Properties clients) implements Serializable {
    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(RecordLimit.class);
    private static final int USUAL_REQUEST = 1024 * 1024;
    private static final long PATIENCE_SECONDS = 20;

    /** What a batch of one record, the record's own fields and their lengths take at most. */
    private static final int AROUND = 61 + 21 + 3 * 5;

    private static final int AROUND_HEADER = 2 * 5;

    /** Without the clients' properties, among which are passwords. */
    @Override
    public String toString() {
        return "at most %d bytes".formatted(ofRequest());
    }

    /** What the producer takes, {@code max.request.size}. */
    public int ofRequest() {
        Object given = clients.get(ProducerConfig.MAX_REQUEST_SIZE_CONFIG);
        return given == null ? USUAL_REQUEST : Integer.parseInt(given.toString().trim());
    }

    /**
     * What a topic takes, too. The broker is asked, since nobody else knows; where it does not
     * tell, or weighs records when they are compressed, it is what the producer takes.
     */
    public int ofTopic(String topic) throws InterruptedException {
        Object compression = clients.get(ProducerConfig.COMPRESSION_TYPE_CONFIG);
        if (compression != null && !compression.equals("none")) {
            return ofRequest();
        }
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try (Admin admin = Admin.create(clients)) {
            String bytes =
                    admin.describeConfigs(List.of(resource))
                            .all()
                            .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                            .get(resource)
                            .get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG)
                            .value();
            return Math.min(ofRequest(), Integer.parseInt(bytes));
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            LOG.warn(
                    "the broker did not say how large a record topic {} takes ({}); it must take max.request.size, {} bytes",
                    topic,
                    e.getMessage(),
                    ofRequest());
            return ofRequest();
        }
    }

    /** What a record takes at most. */
    static long bytes(byte[] key, byte[] value, List<Header> headers) {
        long bytes = AROUND;
        bytes += key == null ? 0 : key.length;
        bytes += value == null ? 0 : value.length;
        for (Header header : headers) {
            bytes += AROUND_HEADER + header.key().getBytes(StandardCharsets.UTF_8).length;
            bytes += header.value() == null ? 0 : header.value().length;
        }
        return bytes;
    }
}
