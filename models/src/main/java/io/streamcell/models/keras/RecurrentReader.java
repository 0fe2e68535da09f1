package io.streamcell.models.keras;

import io.streamcell.models.Cell;
import io.streamcell.models.Concatenate;
import io.streamcell.models.Layer;
import io.streamcell.models.Merge;
import io.streamcell.models.Recurrent;
import io.streamcell.models.TimeLayer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Calls of recurrent layers, Bidirectional among them. */
final class RecurrentReader {
    static final Set<String> KINDS = Set.of("LSTM", "GRU", "SimpleRNN", "RNN", "Bidirectional");

    private final Graph graph;
    // by path, so that a layer that is called twice is read once
    private final Map<String, List<Cell>> cells = new HashMap<>();
    private final Map<String, String> parts = new HashMap<>();

    RecurrentReader(Graph graph) {
        this.graph = graph;
    }

    /**
     * Calls a layer.
     *
     * @param x the sequence
     * @param states its initial state; none where it has its own
     */
    List<Value> call(LayerConfig config, LayerWeights weights, Value x, List<Value> states) {
        Value sequence = graph.timed(x, config.name());
        if (!config.kind().equals("Bidirectional")) {
            String part = part(config, weights);
            return run(config, weights, part, part, false, sequence, states);
        }
        return bidirectional(config, weights, sequence, states);
    }

    /**
     * The name of a layer's state: one that carries it shares it between its calls, as Keras does;
     * else each call has its own.
     */
    private String part(LayerConfig config, LayerWeights weights) {
        LayerConfig inner = config.kind().equals("Bidirectional") ? config.inner("layer") : config;
        String known = parts.get(weights.path());
        if (known != null && inner.flag("stateful", false)) {
            return known;
        }
        String name = graph.unique(config.name());
        parts.put(weights.path(), name);
        return name;
    }

    private List<Value> run(
            LayerConfig config,
            LayerWeights weights,
            String name,
            String part,
            boolean bidirectional,
            Value x,
            List<Value> states) {
        config.mustBe("time_major", false);
        int features = graph.shape(x).features();
        List<Cell> stack =
                cells.computeIfAbsent(
                        weights.path(), path -> CellReader.cells(config, weights, features));
        boolean sequences = config.flag("return_sequences", false);
        boolean zero = bidirectional ? sequences : config.flag("zero_output_for_mask", false);
        Recurrent.Mode mode =
                new Recurrent.Mode(
                        part.equals(name) ? null : part,
                        config.flag("go_backwards", false),
                        x.masked(),
                        x.masked() && zero,
                        !states.isEmpty(),
                        null);
        Recurrent layer =
                new Recurrent(
                        name,
                        config.kind(),
                        stack,
                        sequences,
                        config.flag("return_state", false),
                        config.flag("stateful", false),
                        mode);
        List<Integer> reads = new ArrayList<>(List.of(x.tensor()));
        states.forEach(state -> reads.add(state.tensor()));
        if (x.masked()) {
            reads.add(x.mask());
        }
        List<Value> values = new ArrayList<>();
        for (int output : graph.add(layer, reads)) {
            boolean first = values.isEmpty();
            values.add(new Value(output, first && sequences ? x.mask() : Value.NONE));
        }
        return values;
    }

    private List<Value> bidirectional(
            LayerConfig config, LayerWeights weights, Value x, List<Value> states) {
        LayerConfig forward = config.inner("layer");
        LayerConfig backward =
                config.config().path("backward_layer").isObject()
                        ? config.inner("backward_layer")
                        : turned(forward);
        if (!KINDS.contains(forward.kind()) || forward.kind().equals("Bidirectional")) {
            throw config.refused("the layer inside", forward.kind(), "a recurrent layer");
        }
        String part = part(config, weights);
        int half = states.size() / 2;
        List<Value> there =
                run(
                        forward,
                        weights.child("forward_layer"),
                        part + "/forward",
                        part,
                        true,
                        x,
                        states.subList(0, half));
        List<Value> back =
                run(
                        backward,
                        weights.child("backward_layer"),
                        part + "/backward",
                        part,
                        true,
                        x,
                        states.subList(half, states.size()));
        Value last = back.get(0);
        if (forward.flag("return_sequences", false)) {
            Layer reverse = new TimeLayer.Reverse(config.name() + "/reverse");
            last = new Value(graph.add(reverse, last.tensor()), last.mask());
        }
        List<Value> values = merged(config, there.get(0), last);
        values.addAll(there.subList(1, there.size()));
        values.addAll(back.subList(1, back.size()));
        return values;
    }

    private static LayerConfig turned(LayerConfig forward) {
        var config = (com.fasterxml.jackson.databind.node.ObjectNode) forward.config().deepCopy();
        config.put("go_backwards", !forward.flag("go_backwards", false));
        return new LayerConfig(forward.kind(), forward.name(), config);
    }

    private List<Value> merged(LayerConfig config, Value there, Value back) {
        List<Integer> reads = List.of(there.tensor(), back.tensor());
        String mode = config.text("merge_mode", "none");
        if (mode.equals("none")) {
            return new ArrayList<>(List.of(there, back));
        }
        String name = config.name();
        int output =
                switch (mode) {
                    case "concat" -> graph.add(new Concatenate(name), reads).get(0);
                    case "sum" -> graph.add(new Merge(name, Merge.Operation.ADD), reads).get(0);
                    case "mul" ->
                            graph.add(new Merge(name, Merge.Operation.MULTIPLY), reads).get(0);
                    case "ave" -> graph.add(new Merge(name, Merge.Operation.AVERAGE), reads).get(0);
                    default ->
                            throw config.refused(
                                    "merge_mode", mode, "concat, sum, mul, ave or null");
                };
        return new ArrayList<>(List.of(new Value(output, there.mask())));
    }
}
