package io.streamcell.jobs.float32;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.streamcell.jobs.formats.Utf8;
import io.streamcell.operators.Reason;
import io.streamcell.operators.RejectedEventException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A header that says of what the value consists: a JSON object of whole numbers by name, in the
 * value's order, as in {@code {"engine":[2,3],"site":[4]}}.
 */
final class Shapes {
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    // Names are data here: interning them would keep them for ever.
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .build();

    private Shapes() {}

    /**
     * The numbers by name, in the header's order.
     *
     * @throws RejectedEventException if the text is not such an object
     */
    static Map<String, List<Integer>> read(String header, String text) {
        try (JsonParser json = JSON.createParser(text)) {
            Map<String, List<Integer>> shapes = new LinkedHashMap<>();
            expect(json.nextToken() == JsonToken.START_OBJECT, header);
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                expect(Utf8.encodable(name), header);
                expect(json.nextToken() == JsonToken.START_ARRAY, header);
                List<Integer> numbers = new ArrayList<>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    expect(json.currentToken() == JsonToken.VALUE_NUMBER_INT, header);
                    numbers.add(json.getIntValue());
                    expect(json.getIntValue() >= 0, header);
                }
                shapes.put(name, numbers);
            }
            expect(json.nextToken() == null, header);
            return shapes;
        } catch (IOException e) {
            throw malformed(header);
        }
    }

    /** The header's text. */
    static String write(Map<String, List<Integer>> shapes) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            for (Map.Entry<String, List<Integer>> shape : shapes.entrySet()) {
                json.writeArrayFieldStart(shape.getKey());
                for (int number : shape.getValue()) {
                    json.writeNumber(number);
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory cannot fail", e);
        }
        return text.toString();
    }

    private static void expect(boolean holds, String header) {
        if (!holds) {
            throw malformed(header);
        }
    }

    private static RejectedEventException malformed(String header) {
        return new RejectedEventException(
                Reason.FORMAT,
                "header %s must be a JSON object of lists of whole numbers by name, got another text"
                        .formatted(header));
    }
}
