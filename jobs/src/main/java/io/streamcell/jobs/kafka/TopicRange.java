package io.streamcell.jobs.kafka;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * A part of a topic.
 *
 * @param from the first record of each partition
 * @param to the record behind the last, for the same partitions
 */
public record TopicRange(
        String topic, Map<TopicPartition, Long> from, Map<TopicPartition, Long> to) {
    public TopicRange {
        from = Map.copyOf(from);
        to = Map.copyOf(to);
    }

    /** How many offsets are in it. */
    public long offsets() {
        return from.entrySet().stream()
                .mapToLong(each -> Math.max(0, to.get(each.getKey()) - each.getValue()))
                .sum();
    }
}
