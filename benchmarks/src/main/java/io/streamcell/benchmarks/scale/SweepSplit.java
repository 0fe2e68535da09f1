package io.streamcell.benchmarks.scale;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * A share of the streams, as a partition of a topic has it.
 *
 * @param number of {@link #COUNT}; it has every stream whose number leaves this remainder
 * @param position timesteps that it has given
 */
record SweepSplit(int number, long position) implements SourceSplit {
    /** As many as a topic might have partitions. */
    static final int COUNT = 64;

    @Override
    public String splitId() {
        return String.valueOf(number);
    }

    /** How many of all streams it has. */
    int streams(int all) {
        return (all - number + COUNT - 1) / COUNT;
    }

    /** By number and position. */
    static final class Serializer implements SimpleVersionedSerializer<SweepSplit> {
        @Override
        public int getVersion() {
            return 1;
        }

        @Override
        public byte[] serialize(SweepSplit split) {
            return ByteBuffer.allocate(12).putInt(split.number).putLong(split.position).array();
        }

        @Override
        public SweepSplit deserialize(int version, byte[] bytes) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            return new SweepSplit(buffer.getInt(), buffer.getLong());
        }
    }
}
