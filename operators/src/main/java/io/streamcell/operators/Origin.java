package io.streamcell.operators;

import org.apache.flink.annotation.Public;

/**
 * Where an event was read.
 *
 * @param source the topic, or the file
 * @param partition of the topic; {@link #NO_PARTITION} for a file
 * @param position the offset, or the line from 1
 */
@Public
public record Origin(String source, int partition, long position) {
    public static final int NO_PARTITION = -1;

    @Override
    public String toString() {
        return partition == NO_PARTITION
                ? "%s line %d".formatted(source, position)
                : "%s-%d offset %d".formatted(source, partition, position);
    }
}
