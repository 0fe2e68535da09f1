package io.streamcell.jobs.fuzz;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes an event that is mostly good of any bytes: a fuzzer that changes these changes fields
 * rather than commas. Each field takes a byte or two, in a fixed order; then bytes of the finished
 * record may be changed, too.
 */
final class Recipe {
    private static final List<String> STREAMS =
            List.of("a", "b", "c", "d", "e", "\u00fc", "\ud83d\ude00", "", "calm-1", "a\u0000b");
    private static final List<String> EVENTS = List.of("reset", "export", "state", "RESET", "");
    private static final List<Long> FAR =
            List.of(1L << 53, (1L << 53) + 1, (1L << 53) - 1, Long.MAX_VALUE, -1L, Long.MIN_VALUE);
    private static final List<Float> ODD =
            List.of(
                    Float.NaN,
                    Float.POSITIVE_INFINITY,
                    -0f,
                    Float.MAX_VALUE,
                    Float.MIN_VALUE,
                    -1e9f);
    private static final long TIME = 1_385_990_000_000L;
    private static final long GREATEST_TIME = 8_640_000_000_000_000L;

    private final byte[] bytes;
    private int at;

    private Recipe(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The text of a record. */
    static byte[] text(Format format, byte[] bytes) {
        Recipe recipe = new Recipe(bytes);
        Setting setting = Setting.of(recipe.next());
        int kind = recipe.next();
        byte[] text;
        if (kind >= 250) {
            long time = recipe.time();
            String json = "{\"event\":\"reset-all\",\"time\":%d}".formatted(time);
            text = HostileRecord.control(setting.ordinal(), json);
        } else {
            text = EventTexts.of(format, setting.ordinal(), recipe.fields(setting, kind));
        }
        recipe.spoil(text);
        return text;
    }

    /** The next byte, or 0 where there is none. */
    private int next() {
        return at < bytes.length ? bytes[at++] & 0xFF : 0;
    }

    private Map<String, Object> fields(Setting setting, int kind) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("stream", STREAMS.get(next() % STREAMS.size()));
        if (kind < 160) {
            int timesteps = values(setting, fields);
            numbered("start", fields);
            times(fields, timesteps);
        } else if (kind < 200) {
            fields.put("event", "reset");
            numbered(next() % 2 == 0 ? "next" : "at", fields);
        } else {
            fields.put("event", EVENTS.get(next() % EVENTS.size()));
            if (next() % 2 == 0) {
                fields.put("state", Map.of(Seeds.LAYERS.get(setting.ordinal()), state(setting)));
            }
            numbered("next", fields);
            times(fields, 1);
            if (next() >= 250) {
                values(setting, fields);
            }
        }
        if (next() >= 240) {
            fields.put("model", next() % 2 == 0 ? setting.label() : "other");
        }
        return fields;
    }

    private List<List<Float>> state(Setting setting) {
        int units = Seeds.UNITS.get(setting.ordinal());
        int odd = next();
        return rows(odd == 255 ? 1 : 2, odd == 254 ? units + 1 : units);
    }

    /** Adds values; how many timesteps they have. */
    private int values(Setting setting, Map<String, Object> fields) {
        int odd = next();
        int timesteps = odd == 255 ? 300 : odd == 254 ? 0 : 1 + odd % 5;
        int width = Seeds.FEATURES.get(setting.ordinal()) + (odd == 253 ? 1 : 0);
        if (setting == Setting.SEVERAL_INPUTS) {
            Map<String, Object> inputs = new LinkedHashMap<>();
            inputs.put("engine", rows(timesteps, width));
            inputs.put(odd == 252 ? "place" : "site", rows(1, 2));
            fields.put("inputs", inputs);
        } else {
            fields.put("values", rows(timesteps, width));
        }
        return timesteps;
    }

    /** Small whole numbers, which are tokens too, and sometimes one that is odd. */
    private List<List<Float>> rows(int rows, int columns) {
        int seed = next();
        List<List<Float>> made = new ArrayList<>();
        for (int row = 0; row < rows; row++) {
            List<Float> numbers = new ArrayList<>();
            for (int column = 0; column < columns; column++) {
                numbers.add((float) ((seed + 3 * row + column) % 4));
            }
            made.add(numbers);
        }
        if (seed >= 250 && rows > 0 && columns > 0) {
            made.get(rows - 1).set(columns - 1, ODD.get(seed % ODD.size()));
        }
        return made;
    }

    private void numbered(String field, Map<String, Object> fields) {
        int number = next();
        if (number >= 250) {
            fields.put(field, FAR.get(number % FAR.size()));
        } else if (number >= 100) {
            fields.put(field, (long) (number - 100) / 4);
        }
    }

    private void times(Map<String, Object> fields, int timesteps) {
        int times = next();
        if (times >= 200) {
            List<Long> several = new ArrayList<>();
            for (int k = times == 255 ? 1 : 0; k < timesteps; k++) {
                several.add(time());
            }
            fields.put("time", several);
        } else if (times >= 80) {
            fields.put("time", time());
        }
    }

    /** Mostly within hours; sometimes as far off as there is. */
    private long time() {
        int high = next();
        long minutes = next();
        if (high >= 254) {
            return high == 254 ? GREATEST_TIME - minutes : -GREATEST_TIME + minutes;
        }
        return TIME + 60_000L * (high % 8 * 64L + minutes);
    }

    /** Changes bytes of a record, where the bytes left say so. */
    private void spoil(byte[] text) {
        while (at + 3 < bytes.length) {
            boolean spoils = next() >= 240;
            int place = (next() << 8 | next()) % text.length;
            if (spoils) {
                text[place] = (byte) next();
            }
        }
    }
}
