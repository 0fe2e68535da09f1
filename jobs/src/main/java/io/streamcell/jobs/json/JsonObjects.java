package io.streamcell.jobs.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.streamcell.jobs.formats.EventDraft;
import io.streamcell.jobs.formats.Excerpts;
import io.streamcell.jobs.formats.Utf8;
import io.streamcell.operators.Reason;
import io.streamcell.operators.RejectedEventException;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Reads records that are one JSON object each. Not for use by several threads. */
final class JsonObjects {
    static final JsonFactory JSON =
            JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    // Field names are data here: interning them would keep them for ever.
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNumberLength(Integer.MAX_VALUE)
                                    .maxNestingDepth(64)
                                    .build())
                    .build();

    private final EventParser parser;

    JsonObjects(UnknownFields unknown, FlatRow fields) {
        this.parser = new EventParser(unknown, fields);
    }

    /**
     * The fields of a record.
     *
     * @throws RejectedEventException if it is not one JSON object in UTF-8
     */
    EventDraft read(byte[] value) {
        return read(value, parser::parse, "an event");
    }

    /** What reads the one object that a record is. */
    @FunctionalInterface
    interface ObjectParser<T> {
        T parse(JsonParser json) throws IOException;
    }

    /**
     * A record of another kind.
     *
     * @param what it is, for messages
     * @throws RejectedEventException if it is not one JSON object in UTF-8
     */
    static <T> T read(byte[] value, ObjectParser<T> parser, String what) {
        if (!Utf8.wellFormed(value) || Utf8.hasNull(value)) {
            throw new RejectedEventException(
                    Reason.FORMAT, what + " must be UTF-8, got other bytes");
        }
        try (JsonParser json = JSON.createParser(value)) {
            return parser.parse(json);
        } catch (JsonProcessingException e) {
            throw new RejectedEventException(
                    Reason.FORMAT, what + " must be JSON, got" + where(e) + ": " + said(e));
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory cannot fail", e);
        }
    }

    private static String where(JsonProcessingException e) {
        JsonLocation at = e.getLocation();
        return at == null
                ? " a document beyond its limits"
                : " at line %d, column %d".formatted(at.getLineNr(), at.getColumnNr());
    }

    /** What the parser said, without where its lists began. */
    private static String said(JsonProcessingException e) {
        String message = e.getOriginalMessage();
        int aside = message.indexOf(" (start marker");
        return Excerpts.line(aside < 0 ? message : message.substring(0, aside));
    }
}
