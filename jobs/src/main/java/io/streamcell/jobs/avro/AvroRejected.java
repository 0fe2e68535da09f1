package io.streamcell.jobs.avro;

import io.streamcell.jobs.formats.RejectedWriter;
import io.streamcell.operators.Origin;
import io.streamcell.operators.Rejected;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** Writes rejected events by the schema {@code io.streamcell.Rejected}. */
public final class AvroRejected implements RejectedWriter {
    private static final int ABSENT = 0;
    private static final int PRESENT = 1;

    private final byte[] frame;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final BinaryEncoder out = EncoderFactory.get().directBinaryEncoder(bytes, null);

    private AvroRejected(byte[] frame) {
        this.frame = frame;
    }

    /**
     * A writer whose schema is registered.
     *
     * @param registry or null
     * @throws io.streamcell.jobs.config.ConfigurationException if the registry refuses the schema
     */
    public static AvroRejected of(SchemaRegistry registry, String topic) {
        return new AvroRejected(Frame.of(registry, topic, Schemas.REJECTED));
    }

    @Override
    public byte[] write(Rejected rejected) {
        bytes.reset();
        bytes.writeBytes(frame);
        try {
            out.writeString(rejected.reason().toString());
            out.writeString(rejected.message());
            origin(rejected.origin());
            out.writeIndex(rejected.stream() == null ? ABSENT : PRESENT);
            if (rejected.stream() != null) {
                out.writeString(rejected.stream());
            }
            out.writeIndex(rejected.bytes() == null ? ABSENT : PRESENT);
            if (rejected.bytes() != null) {
                out.writeBytes(rejected.bytes());
            }
            out.writeBoolean(rejected.cut());
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return bytes.toByteArray();
    }

    private void origin(Origin origin) throws IOException {
        out.writeIndex(origin == null ? ABSENT : PRESENT);
        if (origin != null) {
            out.writeString(origin.source());
            out.writeInt(origin.partition());
            out.writeLong(origin.position());
        }
    }
}
