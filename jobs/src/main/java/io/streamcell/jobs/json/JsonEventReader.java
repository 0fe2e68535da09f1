package io.streamcell.jobs.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.streamcell.jobs.formats.EventDraft;
import io.streamcell.jobs.formats.EventReader;
import io.streamcell.jobs.formats.Utf8;
import io.streamcell.operators.EventCheck;
import io.streamcell.operators.Header;
import java.io.IOException;
import java.util.List;

/** Makes events of JSON records, one object in UTF-8 each. Not for use by several threads. */
public final class JsonEventReader extends EventReader {
    private final JsonObjects objects;
    private final FlatRow fields;
    private final PlainChunks chunks = new PlainChunks();

    public JsonEventReader(EventCheck check, UnknownFields unknown, FlatRow fields) {
        super(check);
        this.fields = fields;
        this.objects = new JsonObjects(unknown, fields);
    }

    @Override
    protected EventDraft draft(byte[] value, List<Header> headers) {
        EventDraft plain = fields.named() ? null : chunks.read(value);
        return plain == null ? objects.read(value) : plain;
    }

    @Override
    protected String streamField() {
        return fields.streamField();
    }

    /**
     * Looks again for the stream of a record that was rejected before that field was read; null
     * where there is none.
     */
    @Override
    protected String streamIn(byte[] value, List<Header> headers) {
        if (!Utf8.wellFormed(value)) {
            return null;
        }
        try (JsonParser json = JsonObjects.JSON.createParser(value)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            String field = json.nextFieldName();
            while (field != null) {
                boolean text = json.nextToken() == JsonToken.VALUE_STRING;
                if (text && field.equals(fields.streamField())) {
                    String stream = json.getText();
                    return Utf8.encodable(stream) ? stream : null;
                }
                json.skipChildren();
                field = json.nextFieldName();
            }
            return null;
        } catch (IOException e) {
            return null;
        }
    }
}
