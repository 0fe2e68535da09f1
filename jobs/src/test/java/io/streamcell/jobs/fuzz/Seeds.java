package io.streamcell.jobs.fuzz;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Good events of every kind for every setting, and control events: what a fuzzer begins with. */
final class Seeds {
    private static final long TIME = 1_385_990_100_000L;

    /** The models' layers with what they carry, by setting. */
    static final List<String> LAYERS = List.of("lstm_6", "lstm", "l", "lstm", "lstm_6");

    static final List<Integer> UNITS = List.of(7, 7, 6, 4, 7);
    static final List<Integer> FEATURES = List.of(5, 1, 3, 3, 5);

    private Seeds() {}

    /** The texts of records in a format. */
    static List<byte[]> of(Format format) {
        List<byte[]> seeds = new ArrayList<>();
        for (Setting setting : Setting.values()) {
            for (Map<String, Object> fields : events(setting)) {
                seeds.add(EventTexts.of(format, setting.ordinal(), fields));
            }
            for (String json : controls(setting)) {
                seeds.add(HostileRecord.control(setting.ordinal(), json));
            }
        }
        if (format == Format.JSON) {
            odd().forEach(json -> seeds.add(EventTexts.json(0, "a", json)));
        } else if (format == Format.ROWS) {
            rows().forEach(json -> seeds.add(EventTexts.json(0, "", json)));
        }
        return seeds;
    }

    private static List<Map<String, Object>> events(Setting setting) {
        int k = setting.ordinal();
        List<Map<String, Object>> events = new ArrayList<>();
        events.add(event("stream", "a", values(setting, 1)));
        events.add(event("stream", "b", values(setting, 3)));
        events.add(event("stream", "a", values(setting, 2), "start", 3L, "time", TIME));
        events.add(
                event(
                        "stream",
                        "c",
                        values(setting, 2),
                        "start",
                        1L,
                        "time",
                        List.of(TIME + 1000, TIME + 9_000_000)));
        events.add(event("stream", "a", "event", "reset"));
        events.add(event("stream", "b", "event", "reset", "next", 2L));
        events.add(event("stream", "b", "event", "reset", "at", 5L));
        events.add(event("stream", "a", "event", "export"));
        List<List<Float>> tensors = rows(2, UNITS.get(k));
        events.add(
                event(
                        "stream",
                        "d",
                        "event",
                        "reset",
                        "state",
                        Map.of(LAYERS.get(k), tensors),
                        "next",
                        4L,
                        "model",
                        setting.label()));
        return events;
    }

    private static Object[] values(Setting setting, int timesteps) {
        int features = FEATURES.get(setting.ordinal());
        if (setting == Setting.SEVERAL_INPUTS) {
            Map<String, Object> inputs = new LinkedHashMap<>();
            inputs.put("engine", rows(timesteps, features));
            inputs.put("site", rows(1, 2));
            return new Object[] {"inputs", inputs};
        }
        if (setting == Setting.TOKENS) {
            List<List<Float>> tokens = Collections.nCopies(timesteps, List.of(3f));
            return new Object[] {"values", tokens};
        }
        return new Object[] {"values", rows(timesteps, features)};
    }

    static List<List<Float>> rows(int rows, int columns) {
        List<List<Float>> made = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            List<Float> numbers = new ArrayList<>();
            for (int column = 0; column < columns; column++) {
                numbers.add((row + 1) * 0.25f - column);
            }
            made.add(numbers);
        }
        return made;
    }

    private static Map<String, Object> event(Object... fields) {
        Map<String, Object> event = new LinkedHashMap<>();
        List<Object> flat = new ArrayList<>();
        for (Object field : fields) {
            flat.addAll(field instanceof Object[] pair ? List.of(pair) : List.of(field));
        }
        for (int k = 0; k < flat.size(); k += 2) {
            event.put((String) flat.get(k), flat.get(k + 1));
        }
        return event;
    }

    private static List<String> controls(Setting setting) {
        return List.of(
                "{\"event\":\"reset-all\",\"time\":%d}".formatted(TIME + 5000),
                "{\"event\":\"model\",\"uri\":\"%s\",\"time\":%d,\"policy\":\"keep\"}"
                        .formatted(setting.uri(), TIME + 9000),
                "{\"event\":\"model\",\"name\":\"default\",\"uri\":\"x.keras\",\"sha256\":\"00\",\"time\":0,\"policy\":\"reset\"}");
    }

    /** Numbers and texts that are read in ways of their own. */
    private static List<String> odd() {
        return List.of(
                "{\"values\":[[1e39,NaN,\"Infinity\",-0.0,1.17549435e-38]]}",
                "{\"values\":[]} ",
                "{\"stream\":\"\\u0061\\ud83d\\ude00\",\"values\":[1,2,3,4,5],\"x\":{\"y\":[null]}}",
                "{\"event\":\"state\",\"flags\":[\"gap\"],\"next\":9007199254740992}",
                "{\"values\":[[1,2,3,4,5],[1,2,3,4]],\"start\":1.0e0,\"time\":[1,2]}",
                "{\"start\":9007199254740992,\"values\":[[1,2,3,4,5],[1,2,3,4,5]]}");
    }

    private static List<String> rows() {
        return List.of(
                "{\"sensor\":\"a\",\"ts\":1385990100000,\"a\":1,\"b\":2,\"c\":-3.5e-2,\"d\":0,\"e\":5}",
                "{\"sensor\":\"b\",\"a\":1,\"b\":2,\"c\":3,\"d\":4,\"e\":NaN}",
                "{\"sensor\":\"a\",\"event\":\"reset\"}",
                "{\"sensor\":\"a\",\"a\":1,\"b\":2}");
    }
}
