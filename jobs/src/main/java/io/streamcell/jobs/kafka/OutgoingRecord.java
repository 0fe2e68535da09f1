package io.streamcell.jobs.kafka;

import io.streamcell.operators.Header;
import java.util.List;

/**
 * A Kafka record to be written.
 *
 * @param key the stream's id in UTF-8, or null
 * @param timestamp epoch milliseconds, or null for the time of writing
 */
public record OutgoingRecord(
        String topic, byte[] key, byte[] value, Long timestamp, List<Header> headers) {}
