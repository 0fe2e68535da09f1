package io.streamcell.jobs.formats;

import io.streamcell.operators.EventCheck;
import io.streamcell.operators.Header;
import io.streamcell.operators.Incoming;
import io.streamcell.operators.Origin;
import io.streamcell.operators.Reason;
import io.streamcell.operators.Rejected;
import io.streamcell.operators.RejectedEventException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Makes events of records in one format: reads them, decides whose they are, and checks them
 * against the network. What cannot be scored comes back as rejected; nothing that a record holds
 * makes this fail. Not for use by several threads.
 */
public abstract class EventReader {
    /** Of a stream's id in UTF-8: it stands several times in what is written for its stream. */
    public static final int MOST_STREAM_BYTES = 32 * 1024;

    private final EventCheck check;

    protected EventReader(EventCheck check) {
        this.check = check;
    }

    /**
     * The record's fields.
     *
     * @param value not null
     * @throws RejectedEventException if it is not of the format
     */
    protected abstract EventDraft draft(byte[] value, List<Header> headers);

    /** The stream that a rejected record names itself, where that can still be told; else null. */
    protected abstract String streamIn(byte[] value, List<Header> headers);

    /** Whether a record can be a state by its headers. */
    protected boolean mayBeState(List<Header> headers) {
        return true;
    }

    /** What stands for {@code stream} in messages. */
    protected String streamField() {
        return "stream";
    }

    /** The headers that are not the format's own. */
    protected List<Header> passedOn(List<Header> headers) {
        return headers;
    }

    /**
     * The record as an event that can be scored, or the reason why not.
     *
     * @param key of the Kafka record, the stream's id in UTF-8, or null
     * @param value null for a tombstone
     * @param headers passed on to the scores
     */
    public final Incoming read(byte[] key, byte[] value, List<Header> headers, Origin origin) {
        String stream = null;
        try {
            stream = keyed(key);
            if (value == null) {
                throw new RejectedEventException(
                        Reason.TOMBSTONE, "a record must have a value, got a tombstone");
            }
            EventDraft draft = draft(value, headers);
            stream = streamOf(stream, draft.stream);
            return Incoming.of(check.check(draft.event(stream, passedOn(headers))));
        } catch (RejectedEventException e) {
            return Incoming.of(rejected(e, stream, value, headers, origin));
        }
    }

    private Rejected rejected(
            RejectedEventException e,
            String stream,
            byte[] value,
            List<Header> headers,
            Origin origin) {
        String known = stream != null || value == null ? stream : streamIn(value, headers);
        known = known == null || known.isEmpty() || isTooLong(known) ? null : known;
        return Rejected.of(located(e, known), origin, known, value);
    }

    /**
     * A state record as the reset that it is when it is sent back, or the reason why it is none.
     *
     * @param key as of an event, and so the others
     * @param value null for a tombstone, which gives its stream up
     */
    public final StateRecord readState(
            byte[] key, byte[] value, List<Header> headers, Origin origin) {
        String stream = null;
        try {
            stream = keyed(key);
            if (value == null) {
                return StateRecord.tombstone(streamOf(stream, null));
            }
            if (!mayBeState(headers)) {
                throw EventDraft.noState();
            }
            EventDraft draft = draft(value, headers);
            stream = streamOf(stream, draft.stream);
            draft.sendBack();
            return new StateRecord(
                    check.check(draft.event(stream, List.of())), draft.expired, null);
        } catch (RejectedEventException e) {
            return StateRecord.rejected(rejected(e, stream, value, headers, origin));
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
        checkLength(key.length);
        return new String(key, StandardCharsets.UTF_8);
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
                            .formatted(streamField()));
        }
        if (isTooLong(stream)) {
            checkLength(bytes(stream));
        }
        return stream;
    }

    private static void checkLength(int bytes) {
        if (bytes > MOST_STREAM_BYTES) {
            throw new RejectedEventException(
                    Reason.STREAM,
                    "a stream's id must have at most %d bytes in UTF-8, got %d"
                            .formatted(MOST_STREAM_BYTES, bytes));
        }
    }

    private static boolean isTooLong(String stream) {
        // No character has more than three bytes; a pair of them has four.
        return stream.length() > MOST_STREAM_BYTES / 3 && bytes(stream) > MOST_STREAM_BYTES;
    }

    private static int bytes(String stream) {
        return stream.getBytes(StandardCharsets.UTF_8).length;
    }

    private static RejectedEventException located(RejectedEventException e, String stream) {
        String message = e.getMessage();
        return stream == null || message.endsWith(" at stream " + stream)
                ? e
                : new RejectedEventException(e.reason(), message + " at stream " + stream);
    }
}
