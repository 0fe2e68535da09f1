package io.streamcell.jobs.json;

import static io.streamcell.jobs.json.JsonBytes.ascii;

import io.streamcell.operators.Flags;
import java.util.List;

/** Writes where recorded scores are not as they must be, each in one line. */
public final class JsonDifferenceWriter {
    private static final byte[] NOTHING = ascii("null");

    private final JsonBytes json = new JsonBytes();

    /**
     * Begins a line.
     *
     * @param output which one, or null for the only one
     * @param timesteps so many from the first on are alike
     */
    public JsonDifferenceWriter begin(
            String stream, long timestep, int timesteps, String output, String difference) {
        json.clear().raw(ascii("{\"stream\":")).text(stream);
        json.raw(ascii(",\"timestep\":")).number(timestep);
        if (timesteps > 1) {
            json.raw(ascii(",\"timesteps\":")).number(timesteps);
        }
        if (output != null) {
            json.raw(ascii(",\"output\":")).text(output);
        }
        json.raw(ascii(",\"difference\":")).text(difference);
        return this;
    }

    /** Adds what must be and what was found: numbers, from one index to another; or nothing. */
    public JsonDifferenceWriter values(String field, float[] values, int from, int to) {
        field(field);
        json.raw('[');
        for (int k = from; k < to; k++) {
            if (k > from) {
                json.raw(',');
            }
            json.number(values[k]);
        }
        json.raw(']');
        return this;
    }

    /** Adds a text. */
    public JsonDifferenceWriter text(String field, String text) {
        field(field);
        json.text(text);
        return this;
    }

    /** Adds the names of flags. */
    public JsonDifferenceWriter flags(String field, int flags) {
        field(field);
        json.raw('[');
        List<String> names = Flags.names(flags);
        for (int k = 0; k < names.size(); k++) {
            if (k > 0) {
                json.raw(',');
            }
            json.text(names.get(k));
        }
        json.raw(']');
        return this;
    }

    /** Adds a number. */
    public JsonDifferenceWriter number(String field, long number) {
        field(field);
        json.number(number);
        return this;
    }

    /** Says that there is nothing. */
    public JsonDifferenceWriter nothing(String field) {
        field(field);
        json.raw(NOTHING);
        return this;
    }

    private void field(String name) {
        json.raw(',').text(name).raw(':');
    }

    /** Ends the line. */
    public byte[] end() {
        return json.raw('}').copy();
    }
}
