package io.streamcell.jobs.json;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.streamcell.operators.EventCheck;
import io.streamcell.operators.Header;
import io.streamcell.operators.Incoming;
import io.streamcell.operators.InputValues;
import io.streamcell.operators.LayerState;
import io.streamcell.operators.Origin;
import io.streamcell.operators.Reason;
import io.streamcell.operators.Rejected;
import io.streamcell.operators.RejectedEventException;
import io.streamcell.operators.StreamEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a record into a checked event, or into the reason why it is rejected. Decimals become
 * float32 directly, never through float64, which would round twice. Used by one thread.
 */
public final class JsonEventReader {
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .build();

    private final EventCheck check;
    private final UnknownFields unknown;
    private final NumberReader numbers = new NumberReader();

    public JsonEventReader(EventCheck check, UnknownFields unknown) {
        this.check = check;
        this.unknown = unknown;
    }

    /**
     * Reads a record.
     *
     * @param key of the Kafka record, or null
     * @param value the record; null for a tombstone
     * @param headers passed on
     */
    public Incoming read(byte[] key, byte[] value, List<Header> headers, Origin origin) {
        Draft draft = new Draft();
        try {
            draft.key = StreamIds.decode(key);
            if (value == null) {
                throw new RejectedEventException(
                        Reason.TOMBSTONE, "a record must have a value, got a tombstone");
            }
            parse(value, draft);
            return Incoming.of(check.check(draft.event(headers)));
        } catch (RejectedEventException e) {
            return Incoming.of(Rejected.of(e, origin, draft.streamIfKnown(), value));
        }
    }

    private void parse(byte[] value, Draft draft) {
        try (JsonParser parser = JSON.createParser(value)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw format("a record must be a JSON object, got " + found(parser));
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String field = parser.currentName();
                parser.nextToken();
                field(field, parser, draft);
            }
            if (parser.nextToken() != null) {
                throw format("a record must be one JSON object, got more after it");
            }
        } catch (JacksonException e) {
            throw format("a record must be JSON, got " + e.getOriginalMessage());
        } catch (IOException e) {
            throw format("a record must be JSON, got " + e.getMessage());
        }
    }

    private void field(String field, JsonParser parser, Draft draft) throws IOException {
        switch (field) {
            case "stream" -> draft.stream = text(field, parser, Reason.STREAM);
            case "model" -> draft.model = text(field, parser, Reason.MODEL);
            case "event" -> draft.event = text(field, parser, Reason.EVENT);
            case "start" -> draft.start = numbers.index(field, parser);
            case "next" -> draft.next = numbers.index(field, parser);
            case "at" -> draft.at = numbers.index(field, parser);
            case "time" -> draft.times = numbers.times(parser);
            case "values" -> draft.values = numbers.values(null, parser);
            case "inputs" -> draft.inputs = inputs(parser);
            case "state" -> draft.state = state(parser);
            default -> {
                unknown.seen(field);
                parser.skipChildren();
            }
        }
    }

    private static String text(String field, JsonParser parser, Reason reason) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw new RejectedEventException(
                    reason, "%s must be a text, got %s".formatted(field, found(parser)));
        }
        return parser.getText();
    }

    private List<InputValues> inputs(JsonParser parser) throws IOException {
        object("inputs", parser);
        List<InputValues> inputs = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            inputs.add(numbers.values(name, parser));
        }
        return inputs;
    }

    private List<LayerState> state(JsonParser parser) throws IOException {
        object("state", parser);
        List<LayerState> layers = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String layer = parser.currentName();
            parser.nextToken();
            layers.add(new LayerState(layer, numbers.tensors(layer, parser)));
        }
        return layers;
    }

    private static void object(String field, JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw format("%s must be an object, got %s".formatted(field, found(parser)));
        }
    }

    static RejectedEventException format(String message) {
        return new RejectedEventException(Reason.FORMAT, message);
    }

    /** The current token, shortened, for a message. */
    static String found(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == null) {
            return "nothing";
        }
        if (!token.isScalarValue()) {
            return token == JsonToken.START_ARRAY ? "a list" : "an object";
        }
        String text = parser.getText();
        return text.length() <= 40 ? text : text.substring(0, 37) + "...";
    }

    /** The fields of a record, as far as they are read. */
    private static final class Draft {
        private static final long[] NO_TIMES = {};

        String key;
        String stream;
        String model = StreamEvent.DEFAULT_MODEL;
        String event;
        long start = StreamEvent.UNNUMBERED;
        long next = StreamEvent.UNNUMBERED;
        long at = StreamEvent.UNNUMBERED;
        long[] times = NO_TIMES;
        InputValues values;
        List<InputValues> inputs;
        List<LayerState> state = List.of();

        String streamIfKnown() {
            return stream != null ? stream : key;
        }

        StreamEvent event(List<Header> headers) {
            checkStream();
            return new StreamEvent(
                    kind(),
                    streamIfKnown(),
                    model,
                    start,
                    times,
                    event == null ? chunkInputs() : List.of(),
                    state,
                    next,
                    headers);
        }

        private void checkStream() {
            if (streamIfKnown() == null) {
                throw new RejectedEventException(
                        Reason.STREAM,
                        "an event must name its stream by the record's key or by stream, got neither");
            }
            if (key != null && stream != null && !key.equals(stream)) {
                throw new RejectedEventException(
                        Reason.STREAM,
                        "the record's key and stream must be the same, got %s and %s"
                                .formatted(key, stream));
            }
        }

        private StreamEvent.Kind kind() {
            if (event == null) {
                return StreamEvent.Kind.CHUNK;
            }
            if (at != StreamEvent.UNNUMBERED) {
                throw new RejectedEventException(
                        Reason.EVENT,
                        "a reset must be for now, got one at timestep %d at stream %s; resets ahead are not supported yet"
                                .formatted(at, streamIfKnown()));
            }
            return switch (event) {
                case "reset" -> StreamEvent.Kind.RESET;
                case "export" -> StreamEvent.Kind.EXPORT;
                default ->
                        throw new RejectedEventException(
                                Reason.EVENT,
                                "event must be reset or export, got %s at stream %s"
                                        .formatted(event, streamIfKnown()));
            };
        }

        private List<InputValues> chunkInputs() {
            if (values != null && inputs != null) {
                throw format(
                        "a chunk must have values or inputs, got both at stream "
                                + streamIfKnown());
            }
            if (values == null && inputs == null) {
                throw new RejectedEventException(
                        Reason.NO_TIMESTEPS,
                        "a chunk must have values or inputs, got neither at stream "
                                + streamIfKnown());
            }
            return values != null ? List.of(values) : inputs;
        }
    }
}
