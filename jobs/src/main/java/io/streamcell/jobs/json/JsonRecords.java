package io.streamcell.jobs.json;

import io.streamcell.jobs.formats.RecordWriter;
import io.streamcell.operators.OutputRecord;
import java.util.List;

/** Writes each record as one JSON object. */
public final class JsonRecords implements RecordWriter {
    private final JsonRecordWriter json = new JsonRecordWriter();

    @Override
    public List<Payload> write(OutputRecord record) {
        return List.of(new Payload(json.write(record), record.headers()));
    }
}
