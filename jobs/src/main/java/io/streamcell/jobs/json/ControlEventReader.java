package io.streamcell.jobs.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.streamcell.jobs.formats.Excerpts;
import io.streamcell.operators.ControlEvent;
import io.streamcell.operators.ModelChange;
import io.streamcell.operators.ModelReference;
import io.streamcell.operators.Reason;
import io.streamcell.operators.RejectedEventException;
import io.streamcell.operators.SequencePolicy.OnModelChange;
import io.streamcell.operators.StreamEvent;
import java.io.IOException;

/** Makes control events of JSON records. Not for use by several threads. */
public final class ControlEventReader {
    private final UnknownFields unknown;

    public ControlEventReader(UnknownFields unknown) {
        this.unknown = unknown;
    }

    /**
     * The record as a control event; a model that it names is not read here.
     *
     * @param value one JSON object in UTF-8; null for a tombstone
     * @throws RejectedEventException if it is none
     */
    public ControlEvent read(byte[] value) {
        if (value == null) {
            throw new RejectedEventException(
                    Reason.TOMBSTONE, "a record must have a value, got a tombstone");
        }
        return JsonObjects.read(value, this::parse, "a control event").event();
    }

    private Draft parse(JsonParser json) throws IOException {
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw format(
                    "a control event must be a JSON object, got "
                            + (json.currentToken() == null ? "nothing" : Tokens.describe(json)));
        }
        Draft draft = new Draft();
        for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
            if (json.nextToken() != JsonToken.VALUE_NULL) {
                field(json, field, draft);
            }
        }
        if (json.nextToken() != null) {
            throw format(
                    "a control event must be one JSON object, got "
                            + Tokens.describe(json)
                            + " after it");
        }
        return draft;
    }

    private void field(JsonParser json, String field, Draft draft) throws IOException {
        switch (field) {
            case "event" -> draft.event = text(json, field);
            case "time" -> draft.times = Wholes.times(json);
            case "name" -> draft.name = text(json, field);
            case "uri" -> draft.uri = text(json, field);
            case "sha256" -> draft.sha256 = text(json, field);
            case "policy" -> draft.policy = text(json, field);
            default -> {
                unknown.seen(field);
                json.skipChildren();
            }
        }
    }

    private static String text(JsonParser json, String field) throws IOException {
        if (json.currentToken() != JsonToken.VALUE_STRING) {
            throw format("%s must be text, got %s".formatted(field, Tokens.describe(json)));
        }
        return json.getText();
    }

    private static RejectedEventException format(String message) {
        return new RejectedEventException(Reason.FORMAT, message);
    }

    /** The fields of a record; null where one is absent. */
    private static final class Draft {
        private String event;
        private long[] times;
        private String name;
        private String uri;
        private String sha256 = "";
        private String policy;

        ControlEvent event() {
            String kind = shown(event);
            return switch (kind) {
                case "reset-all" -> ControlEvent.resetAll(time());
                case "model" -> ControlEvent.model(change());
                default ->
                        throw new RejectedEventException(
                                Reason.EVENT,
                                "event must be reset-all or model on the control topic, got "
                                        + kind);
            };
        }

        private long time() {
            if (times == null || times.length != 1) {
                throw new RejectedEventException(
                        Reason.TIME,
                        "event %s must have one time from which on it holds, got %s"
                                .formatted(event, times == null ? "none" : times.length));
            }
            return times[0];
        }

        private ModelChange change() {
            if (uri == null || uri.isEmpty()) {
                throw new RejectedEventException(
                        Reason.MODEL, "event model must have the uri of a model, got none");
            }
            OnModelChange how =
                    OnModelChange.named(shown(policy))
                            .filter(named -> named != OnModelChange.FAIL)
                            .orElseThrow(
                                    () ->
                                            new RejectedEventException(
                                                    Reason.EVENT,
                                                    "policy must be keep, reset or warm, got "
                                                            + shown(policy)));
            return new ModelChange(
                    name == null ? StreamEvent.DEFAULT_MODEL : name,
                    time(),
                    how,
                    ModelReference.unread(uri, sha256));
        }

        private static String shown(String text) {
            return text == null ? "none" : Excerpts.shortened(text);
        }
    }
}
