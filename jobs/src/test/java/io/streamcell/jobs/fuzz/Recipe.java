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

    private Recipe(byte[] bytes, int at) {
        this.bytes = bytes;
        this.at = at;
    }

    /**
     * The text of a record.
     *
     * @param from where in the bytes the recipe begins
     */
    static byte[] text(Format format, byte[] bytes, int from) {
        Recipe recipe = new Recipe(bytes, from);
        Setting setting = Setting.values()[recipe.next() % Setting.values().length];
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
            values(setting, fields);
            numbered("start", fields);
            times(fields);
        } else if (kind < 200) {
            fields.put("event", "reset");
            numbered(next() % 2 == 0 ? "next" : "at", fields);
        } else {
            fields.put("event", EVENTS.get(next() % EVENTS.size()));
            if (next() % 2 == 0) {
                fields.put("state", Map.of(Seeds.LAYERS.get(setting.ordinal()), state(setting)));
            }
            numbered("next", fields);
            times(fields);
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

    private void values(Setting setting, Map<String, Object> fields) {
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

    private void times(Map<String, Object> fields) {
        int times = next();
        if (times >= 200) {
            List<Long> several = new ArrayList<>();
            for (int k = 0; k < times - 198 && k < 6; k++) {
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

    /** Changes bytes of a record, as many as there are pairs of place and value left. */
    private void spoil(byte[] text) {
        while (at + 2 < bytes.length && text.length > 0) {
            int place = (next() << 8 | next()) % text.length;
            text[place] = (byte) next();
        }
    }
}
