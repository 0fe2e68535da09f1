package io.streamcell.jobs.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.streamcell.jobs.formats.EventDraft;
import io.streamcell.jobs.formats.Utf8;
import io.streamcell.operators.Flags;
import io.streamcell.operators.InputValues;
import io.streamcell.operators.LayerState;
import io.streamcell.operators.Reason;
import io.streamcell.operators.RejectedEventException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads one JSON object into an {@link EventDraft}, field by field. A field whose value is null
 * counts as absent.
 */
final class EventParser {
    private final ValuesReader values = new ValuesReader();
    private final UnknownFields unknown;
    private final FlatRow fields;
    private final RowReader row;

    EventParser(UnknownFields unknown, FlatRow fields) {
        this.unknown = unknown;
        this.fields = fields;
        this.row = new RowReader(fields, values);
    }

    /**
     * The object's fields, and nothing but white space after it.
     *
     * @throws IOException if it is not JSON
     * @throws RejectedEventException if a field is not what it must be
     */
    EventDraft parse(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw format(
                    "an event must be a JSON object, got "
                            + (parser.currentToken() == null
                                    ? "nothing"
                                    : Tokens.describe(parser)));
        }
        EventDraft draft = new EventDraft();
        row.clear();
        String field = parser.nextFieldName();
        while (field != null) {
            if (parser.nextToken() != JsonToken.VALUE_NULL) {
                field(parser, field, draft);
            }
            field = parser.nextFieldName();
        }
        if (parser.nextToken() != null) {
            throw format(
                    "an event must be one JSON object, got "
                            + Tokens.describe(parser)
                            + " after it");
        }
        row.finish(draft);
        return draft;
    }

    private void field(JsonParser parser, String field, EventDraft draft) throws IOException {
        if (row.take(parser, field)) {
            return;
        }
        switch (fields.usual(field)) {
            case "stream" -> draft.stream = text(parser, field);
            case "values" -> draft.values = values.values(parser, null);
            case "inputs" -> draft.inputs = inputs(parser);
            case "start" -> draft.start = Wholes.index(parser, field);
            case "time" -> draft.times = Wholes.times(parser);
            case "event" -> draft.event = text(parser, field);
            case "model" -> draft.model = text(parser, field);
            case "state" -> draft.state = state(parser);
            case "next" -> draft.next = Wholes.index(parser, field);
            case "at" -> draft.at = Wholes.index(parser, field);
            case "flags" -> draft.expired = expired(parser);
            default -> {
                unknown.seen(field);
                parser.skipChildren();
            }
        }
    }

    private List<InputValues> inputs(JsonParser parser) throws IOException {
        expectObject(parser, "inputs", "of lists by the inputs' names");
        List<InputValues> inputs = new ArrayList<>();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            parser.nextToken();
            inputs.add(values.values(parser, encodable(name, "an input's name")));
        }
        return inputs;
    }

    private List<LayerState> state(JsonParser parser) throws IOException {
        expectObject(parser, "state", "of lists by the layers' names");
        List<LayerState> layers = new ArrayList<>();
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            encodable(name, "a layer's name");
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw new RejectedEventException(
                        Reason.STATE_SHAPE,
                        "the state of layer %s must be a list of lists of numbers, got %s"
                                .formatted(name, Tokens.describe(parser)));
            }
            List<float[]> tensors = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                tensors.add(values.tensor(parser, name));
            }
            layers.add(new LayerState(name, tensors));
        }
        return layers;
    }

    /** Whether the flags of a state record that is sent back say so; whatever else they are. */
    private static boolean expired(JsonParser parser) throws IOException {
        boolean expired = false;
        if (parser.currentToken() == JsonToken.START_ARRAY) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                boolean text = parser.currentToken() == JsonToken.VALUE_STRING;
                expired |= text && parser.getText().equals(Flags.EXPIRED);
                parser.skipChildren();
            }
        }
        parser.skipChildren();
        return expired;
    }

    private static String text(JsonParser parser, String field) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw format("%s must be text, got %s".formatted(field, Tokens.describe(parser)));
        }
        return encodable(parser.getText(), field);
    }

    private static String encodable(String text, String what) {
        if (!Utf8.encodable(text)) {
            throw format("%s must be Unicode text, got half a surrogate pair".formatted(what));
        }
        return text;
    }

    private static void expectObject(JsonParser parser, String field, String what)
            throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw format(
                    "%s must be an object %s, got %s"
                            .formatted(field, what, Tokens.describe(parser)));
        }
    }

    private static RejectedEventException format(String message) {
        return new RejectedEventException(Reason.FORMAT, message);
    }
}
