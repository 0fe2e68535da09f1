package io.streamcell.jobs.fuzz;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamcell.jobs.avro.AvroBytes;
import io.streamcell.jobs.avro.AvroEventReader;
import io.streamcell.jobs.avro.AvroRecords;
import io.streamcell.jobs.avro.AvroRejected;
import io.streamcell.jobs.float32.Float32EventReader;
import io.streamcell.jobs.float32.Float32Records;
import io.streamcell.jobs.formats.EventReader;
import io.streamcell.jobs.formats.RecordWriter;
import io.streamcell.jobs.formats.RecordWriter.Payload;
import io.streamcell.jobs.formats.RejectedWriter;
import io.streamcell.jobs.json.FlatRow;
import io.streamcell.jobs.json.JsonEventReader;
import io.streamcell.jobs.json.JsonRecordWriter;
import io.streamcell.jobs.json.JsonRecords;
import io.streamcell.jobs.json.UnknownFields;
import io.streamcell.operators.EventCheck;
import io.streamcell.operators.OutputRecord;
import io.streamcell.operators.Rejected;
import io.streamcell.operators.Score;
import java.io.IOException;
import java.util.List;
import org.apache.flink.metrics.SimpleCounter;

/** What records look like, and who reads and writes them. */
enum Format {
    JSON {
        @Override
        EventReader reader(EventCheck check) {
            return new JsonEventReader(check, new UnknownFields(new SimpleCounter()), FlatRow.NONE);
        }
    },
    ROWS {
        @Override
        EventReader reader(EventCheck check) {
            FlatRow fields = new FlatRow("sensor", List.of("a", "b", "c", "d", "e"), "ts");
            return new JsonEventReader(check, new UnknownFields(new SimpleCounter()), fields);
        }
    },
    AVRO {
        @Override
        EventReader reader(EventCheck check) {
            return new AvroEventReader(check, null);
        }

        @Override
        RecordWriter writer() {
            return AvroRecords.of(null, "scores", "states");
        }

        @Override
        RejectedWriter rejectedWriter() {
            return AvroRejected.of(null, "rejected");
        }

        @Override
        String streamOf(OutputRecord written, byte[] value) {
            var schema =
                    written instanceof Score ? AvroBytes.scoreSchema() : AvroBytes.stateSchema();
            return AvroBytes.read(schema, value, 0).get("stream").toString();
        }

        @Override
        String reasonOf(byte[] rejected) {
            return AvroBytes.read(AvroBytes.rejectedSchema(), rejected, 0).get("reason").toString();
        }
    },
    FLOAT32 {
        @Override
        EventReader reader(EventCheck check) {
            return new Float32EventReader(check);
        }

        @Override
        RecordWriter writer() {
            return new Float32Records();
        }

        @Override
        String streamOf(OutputRecord written, byte[] value) {
            return value.length % Float.BYTES == 0 ? written.stream() : "no floats";
        }
    };

    private static final ObjectMapper MAPPER = new ObjectMapper();

    abstract EventReader reader(EventCheck check);

    RecordWriter writer() {
        return new JsonRecords();
    }

    RejectedWriter rejectedWriter() {
        return new JsonRecordWriter()::write;
    }

    /** The stream that a written record names. */
    String streamOf(OutputRecord written, byte[] value) throws IOException {
        return MAPPER.readTree(value).get("stream").asText();
    }

    /** The reason that a written rejected record gives. */
    String reasonOf(byte[] rejected) throws IOException {
        return MAPPER.readTree(rejected).get("reason").asText();
    }

    /** Writes a record as the job does, and reads it as anybody would. */
    final void checkWritten(RecordWriter writer, OutputRecord record) throws IOException {
        List<Payload> payloads = writer.write(record);
        Promise.kept(!payloads.isEmpty(), "a record is written, got none of %s", record);
        for (Payload payload : payloads) {
            String stream = streamOf(record, payload.value());
            Promise.kept(
                    stream.equals(record.stream()),
                    "a record of stream %s names it, got %s",
                    record.stream(),
                    stream);
        }
    }

    /** Writes a rejected record as the job does, and reads it as anybody would. */
    final void checkWritten(RejectedWriter writer, Rejected rejected) throws IOException {
        String reason = reasonOf(writer.write(rejected));
        Promise.kept(
                reason.equals(rejected.reason().toString()),
                "a rejected record gives its reason %s, got %s",
                rejected.reason(),
                reason);
        Promise.kept(
                rejected.message().length() <= 2000,
                "a message has at most 2000 characters, got %s",
                rejected.message().length());
    }
}
