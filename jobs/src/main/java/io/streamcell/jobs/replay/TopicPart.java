package io.streamcell.jobs.replay;

import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.jobs.kafka.KafkaConnections;
import io.streamcell.jobs.kafka.TopicRange;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * A part of a topic as a user names it; what is not named is where the topic begins or ends, as far
 * as it is committed now.
 *
 * @param since record time of the first records, epoch milliseconds, or null
 * @param until record time that ends it, or null
 * @param from offsets of the first records by partition, or under {@link #EVERY}
 * @param to offsets that end it
 */
public record TopicPart(Long since, Long until, Map<Integer, Long> from, Map<Integer, Long> to) {
    /** Stands for every partition that is not named. */
    public static final int EVERY = -1;

    /** All of a topic. */
    public static final TopicPart WHOLE = new TopicPart(null, null, Map.of(), Map.of());

    public TopicPart {
        from = Map.copyOf(from);
        to = Map.copyOf(to);
    }

    /** Whether it begins where the topic does. */
    public boolean fromTheBeginning() {
        return since == null && from.isEmpty();
    }

    /** Whether it ends where the topic does. */
    public boolean toTheEnd() {
        return until == null && to.isEmpty();
    }

    /** The same, with its beginning by offsets. */
    public TopicPart startingAt(Map<Integer, Long> offsets) {
        return new TopicPart(null, until, offsets, to);
    }

    /**
     * Looks the part up.
     *
     * @param option that names the topic
     * @throws ConfigurationException if there is no such topic or partition
     */
    public TopicRange of(KafkaConnections kafka, String topic, String option) {
        try (Consumer<byte[], byte[]> consumer = kafka.consumer()) {
            List<PartitionInfo> infos = consumer.partitionsFor(topic);
            if (infos == null || infos.isEmpty()) {
                throw new ConfigurationException(
                        "%s must be a topic that is there, got %s".formatted(option, topic));
            }
            List<TopicPartition> partitions =
                    infos.stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            check(from, partitions);
            check(to, partitions);
            Map<TopicPartition, Long> begin = consumer.beginningOffsets(partitions);
            Map<TopicPartition, Long> end = consumer.endOffsets(partitions);
            Map<TopicPartition, Long> first = bounds(consumer, begin, end, since, from);
            Map<TopicPartition, Long> last = bounds(consumer, end, end, until, to);
            last.replaceAll((partition, offset) -> Math.max(offset, first.get(partition)));
            return new TopicRange(topic, first, last);
        }
    }

    private static void check(Map<Integer, Long> offsets, List<TopicPartition> partitions) {
        TreeSet<Integer> there =
                partitions.stream()
                        .map(TopicPartition::partition)
                        .collect(Collectors.toCollection(TreeSet::new));
        for (int partition : offsets.keySet()) {
            if (partition != EVERY && !there.contains(partition)) {
                throw new ConfigurationException(
                        "a partition must be one of %s, got %d".formatted(there, partition));
            }
        }
    }

    private static Map<TopicPartition, Long> bounds(
            Consumer<byte[], byte[]> consumer,
            Map<TopicPartition, Long> usual,
            Map<TopicPartition, Long> end,
            Long time,
            Map<Integer, Long> offsets) {
        Map<TopicPartition, Long> bounds = new HashMap<>(usual);
        if (time != null) {
            Map<TopicPartition, OffsetAndTimestamp> found =
                    consumer.offsetsForTimes(
                            usual.keySet().stream()
                                    .collect(Collectors.toMap(Function.identity(), p -> time)));
            found.forEach(
                    (partition, at) ->
                            bounds.put(partition, at == null ? end.get(partition) : at.offset()));
        }
        bounds.replaceAll(
                (partition, bound) ->
                        offsets.getOrDefault(
                                partition.partition(), offsets.getOrDefault(EVERY, bound)));
        bounds.replaceAll((partition, bound) -> Math.min(bound, end.get(partition)));
        return bounds;
    }
}
