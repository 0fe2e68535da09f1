package io.streamcell.jobs.avro;

import io.streamcell.operators.Reason;
import io.streamcell.operators.RejectedEventException;
import java.nio.ByteBuffer;
import org.apache.avro.Schema;

/**
 * What stands before a value whose schema is in a registry: a zero, and the schema's id in four
 * bytes, the most significant first.
 */
final class Frame {
    static final int LENGTH = 1 + Integer.BYTES;
    private static final byte[] BARE = {};

    private Frame() {}

    /**
     * The frame of every value in a topic, registered under the topic's own subject; nothing where
     * there is no registry.
     *
     * @param registry or null
     */
    static byte[] of(SchemaRegistry registry, String topic, Schema schema) {
        if (registry == null) {
            return BARE;
        }
        int id = registry.register(topic + "-value", schema);
        return ByteBuffer.allocate(LENGTH).put((byte) 0).putInt(id).array();
    }

    /**
     * The schema's id, which is positive.
     *
     * @throws RejectedEventException if the value has no frame
     */
    static int id(byte[] value) {
        if (value.length < LENGTH || value[0] != 0 || value[1] < 0) {
            throw new RejectedEventException(
                    Reason.FORMAT,
                    "a value must begin with a zero and the four bytes of a schema's id, since schema-registry.url is given, got other bytes");
        }
        return ByteBuffer.wrap(value).getInt(1);
    }
}
