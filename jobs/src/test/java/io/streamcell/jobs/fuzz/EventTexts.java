package io.streamcell.jobs.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamcell.jobs.avro.AvroBytes;
import io.streamcell.jobs.formats.EventTable;
import io.streamcell.operators.Header;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Events of fields as the texts of records in a format. */
final class EventTexts {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private EventTexts() {}

    /**
     * The text of an event.
     *
     * @param fields by Avro's names: texts, whole numbers, and lists of rows of floats
     */
    static byte[] of(Format format, int number, Map<String, Object> fields) {
        return switch (format) {
            case JSON -> json(number, "", json(fields));
            case ROWS -> json(number, "", json(renamed(fields)));
            case AVRO -> HostileRecord.event(number, "", List.of(), AvroBytes.event(fields));
            case FLOAT32 -> float32(number, fields);
        };
    }

    /** With the names that {@link Format#ROWS} has for a stream and a time. */
    private static Map<String, Object> renamed(Map<String, Object> fields) {
        Map<String, Object> renamed = new LinkedHashMap<>();
        Map<String, String> names = Map.of("stream", "sensor", "time", "ts");
        fields.forEach((name, field) -> renamed.put(names.getOrDefault(name, name), field));
        return renamed;
    }

    static byte[] json(int setting, String key, String json) {
        byte[] value = json.getBytes(StandardCharsets.UTF_8);
        return HostileRecord.event(setting, key, List.of(), value);
    }

    private static String json(Object fields) {
        try {
            return MAPPER.writeValueAsString(fields);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("lists and numbers can be written", e);
        }
    }

    private static byte[] float32(int setting, Map<String, Object> fields) {
        List<Header> headers = new ArrayList<>();
        List<Float> floats = new ArrayList<>();
        fields.forEach(
                (name, field) -> {
                    if (field instanceof Map<?, ?> parts) {
                        Map<Object, Object> shapes = new LinkedHashMap<>();
                        parts.forEach((part, rows) -> shapes.put(part, shape(name, rows, floats)));
                        headers.addAll(EventTable.headers(name, json(shapes)));
                    } else if (name.equals("values")) {
                        shape(name, field, floats);
                    } else if (!name.equals("stream")) {
                        String text = field.toString().replaceAll("[\\[\\] ]", "");
                        headers.addAll(EventTable.headers(name, text));
                    }
                });
        float[] values = new float[floats.size()];
        for (int k = 0; k < values.length; k++) {
            values[k] = floats.get(k);
        }
        String key = (String) fields.get("stream");
        return HostileRecord.event(setting, key, headers, EventTable.floats(values));
    }

    private static List<Integer> shape(String field, Object of, List<Float> floats) {
        List<Integer> lengths = new ArrayList<>();
        for (Object row : (List<?>) of) {
            for (Object number : (List<?>) row) {
                floats.add((Float) number);
            }
            lengths.add(((List<?>) row).size());
        }
        return field.equals("state")
                ? lengths
                : List.of(lengths.size(), lengths.isEmpty() ? 1 : lengths.get(0));
    }
}
