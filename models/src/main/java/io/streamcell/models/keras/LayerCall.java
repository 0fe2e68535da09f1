package io.streamcell.models.keras;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A call of a layer with the values that it reads.
 *
 * @param arguments tensors given by position, in order
 * @param keywords tensors given by name
 * @param saved the arguments as saved, for operations, whose other arguments are numbers
 */
record LayerCall(
        LayerConfig layer,
        List<Value> arguments,
        Map<String, List<Value>> keywords,
        JsonNode saved) {
    /** The first value that it reads. */
    Value first() {
        return all().get(0);
    }

    /** All values that it reads as inputs. */
    List<Value> all() {
        List<Value> all = new ArrayList<>(arguments);
        all.addAll(keywords.getOrDefault("inputs", List.of()));
        for (String name : List.of("sequences", "x", "x1", "x2")) {
            all.addAll(keywords.getOrDefault(name, List.of()));
        }
        if (all.isEmpty()) {
            throw layer.refused("its input", "none", "the output of a layer");
        }
        return all;
    }

    /** The value with a mask that was given by name, if one was. */
    Value masked(Value x) {
        List<Value> mask = keywords.getOrDefault("mask", List.of());
        return mask.isEmpty() ? x : new Value(x.tensor(), mask.get(0).tensor());
    }

    /** The states that a recurrent layer starts from. */
    List<Value> states() {
        List<Value> states = new ArrayList<>(all().subList(1, all().size()));
        states.addAll(keywords.getOrDefault("initial_state", List.of()));
        return states;
    }

    /** The same call of another layer with another input. */
    LayerCall of(LayerConfig other, Value x) {
        return new LayerCall(other, List.of(x), Map.of(), saved);
    }
}
