package io.streamcell.jobs.avro;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/** Writes and reads Avro as Avro's own generic records do. */
public final class AvroBytes {
    private AvroBytes() {}

    public static Schema eventSchema() {
        return Schemas.EVENT;
    }

    public static Schema scoreSchema() {
        return Schemas.SCORE;
    }

    public static Schema stateSchema() {
        return Schemas.STATE;
    }

    public static Schema rejectedSchema() {
        return Schemas.REJECTED;
    }

    /** An event by the schema in the jar; what is left out has its default. */
    public static byte[] event(Map<String, Object> fields) {
        return write(Schemas.EVENT, fields);
    }

    public static byte[] write(Schema schema, Map<String, Object> fields) {
        GenericRecordBuilder builder = new GenericRecordBuilder(schema);
        fields.forEach(builder::set);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder out = EncoderFactory.get().binaryEncoder(bytes, null);
        try {
            new GenericDatumWriter<GenericRecord>(schema).write(builder.build(), out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** A record, and nothing after it. */
    public static GenericRecord read(Schema schema, byte[] bytes, int from) {
        try {
            var in = DecoderFactory.get().binaryDecoder(bytes, from, bytes.length - from, null);
            GenericData data = new GenericData();
            GenericRecord record =
                    new GenericDatumReader<GenericRecord>(schema, schema, data).read(null, in);
            if (!in.isEnd()) {
                throw new IOException("bytes after the record");
            }
            return record;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A value behind the frame of the wire format. */
    public static byte[] framed(int id, byte[] value) {
        return ByteBuffer.allocate(5 + value.length).put((byte) 0).putInt(id).put(value).array();
    }
}
