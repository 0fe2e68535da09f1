package io.streamcell.models.keras;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Where Keras keeps what: a group is named by its class in snake case, and numbered by class in
 * order of appearance.
 */
final class WeightPaths {
    private WeightPaths() {}

    /** The group of every layer of a container, by the layer's place. */
    static String[] groups(List<LayerConfig> layers) {
        Map<String, Integer> seen = new HashMap<>();
        String[] groups = new String[layers.size()];
        for (int k = 0; k < groups.length; k++) {
            String kind = layers.get(k).kind();
            String name = snakeCase(kind.substring(kind.indexOf('>') + 1));
            int count = seen.merge(name, 1, Integer::sum);
            groups[k] = count == 1 ? name : name + "_" + (count - 1);
        }
        return groups;
    }

    /**
     * As {@code keras.src.utils.naming.to_snake_case}: LSTMCell is lstm_cell, SimpleRNN simple_rnn,
     * GRU gru.
     */
    static String snakeCase(String name) {
        return name.replaceAll("\\W+", "")
                .replaceAll("(.)([A-Z][a-z]+)", "$1_$2")
                .replaceAll("([a-z])([A-Z])", "$1_$2")
                .toLowerCase(Locale.ROOT);
    }
}
