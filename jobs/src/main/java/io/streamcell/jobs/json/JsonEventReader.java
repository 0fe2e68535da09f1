package io.streamcell.jobs.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.streamcell.operators.EventCheck;
import io.streamcell.operators.Header;
import io.streamcell.operators.Incoming;
import io.streamcell.operators.Origin;
import io.streamcell.operators.Reason;
import io.streamcell.operators.Rejected;
import io.streamcell.operators.RejectedEventException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Makes events of JSON records: reads them, decides whose they are, and checks them against the
 * network. What cannot be scored comes back as rejected; nothing that a record holds makes this
 * fail. Not for use by several threads.
 */
public final class JsonEventReader {
    private final EventCheck check;
    private final JsonObjects objects;
    private final FlatRow fields;
    private final PlainChunks chunks = new PlainChunks();

    public JsonEventReader(EventCheck check, UnknownFields unknown, FlatRow fields) {
        this.check = check;
        this.fields = fields;
        this.objects = new JsonObjects(unknown, fields);
    }

    /**
     * The record as an event that can be scored, or the reason why not.
     *
     * @param key of the Kafka record, the stream's id in UTF-8, or null
     * @param value one JSON object in UTF-8; null for a tombstone
     * @param headers passed on to the scores
     */
    public Incoming read(byte[] key, byte[] value, List<Header> headers, Origin origin) {
        String stream = null;
        try {
            stream = keyed(key);
            if (value == null) {
                throw new RejectedEventException(
                        Reason.TOMBSTONE, "a record must have a value, got a tombstone");
            }
            EventDraft draft = draft(value);
            stream = streamOf(stream, draft.stream);
            return Incoming.of(check.check(draft.event(stream, headers)));
        } catch (RejectedEventException e) {
            String known = stream != null || value == null ? stream : find(value);
            known = known == null || known.isEmpty() ? null : known;
            return Incoming.of(Rejected.of(located(e, known), origin, known, value));
        }
    }

    /** The stream that the key names, or null. */
    private static String keyed(byte[] key) {
        if (key == null) {
            return null;
        }
        if (!Utf8.wellFormed(key)) {
            throw new RejectedEventException(
                    Reason.STREAM, "a key must be the stream's id in UTF-8, got other bytes");
        }
        return new String(key, StandardCharsets.UTF_8);
    }

    private EventDraft draft(byte[] value) {
        EventDraft plain = fields.named() ? null : chunks.read(value);
        return plain == null ? objects.read(value) : plain;
    }

    private String streamOf(String key, String field) {
        if (key != null && field != null && !key.equals(field)) {
            throw new RejectedEventException(
                    Reason.STREAM,
                    "stream must be the record's key where it has one, got stream %s"
                            .formatted(field));
        }
        String stream = key == null ? field : key;
        if (stream == null || stream.isEmpty()) {
            throw new RejectedEventException(
                    Reason.STREAM,
                    "an event must name its stream by the record's key or the field %s, got neither"
                            .formatted(fields.streamField()));
        }
        return stream;
    }

    private static RejectedEventException located(RejectedEventException e, String stream) {
        String message = e.getMessage();
        return stream == null || message.endsWith(" at stream " + stream)
                ? e
                : new RejectedEventException(e.reason(), message + " at stream " + stream);
    }

    /**
     * Looks again for the stream of a record that was rejected before that field was read; null
     * where there is none.
     */
    private String find(byte[] value) {
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
