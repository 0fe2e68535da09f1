package io.streamcell.models.keras;

import io.streamcell.models.MaskLayer;
import io.streamcell.models.Merge;
import java.util.ArrayList;
import java.util.List;

/**
 * Calls of layers that combine values element by element. Where a value is masked, Maximum and
 * Minimum take the others instead, and Multiply takes 1.
 */
final class MergeReader {
    private final Graph graph;
    private final String name;

    MergeReader(Graph graph, String name) {
        this.graph = graph;
        this.name = name;
    }

    Value merge(Merge.Operation operation, LayerCall call) {
        List<Value> values = call.all();
        if (values.size() < 2) {
            throw call.layer().refused("its inputs", String.valueOf(values.size()), "two or more");
        }
        boolean masked = values.stream().anyMatch(Value::masked);
        if (masked && operation == Merge.Operation.MULTIPLY) {
            List<Value> filled = new ArrayList<>();
            for (Value value : values) {
                filled.add(value.masked() ? ones(value) : value);
            }
            values = filled;
        } else if (masked
                && (operation == Merge.Operation.MAXIMUM || operation == Merge.Operation.MINIMUM)) {
            return chosen(operation, values);
        }
        int output =
                graph.add(new Merge(name, operation), values.stream().map(Value::tensor).toList())
                        .get(0);
        return new Value(output, graph.joined(name, values));
    }

    private Value ones(Value value) {
        List<Integer> reads = List.of(value.tensor(), value.mask());
        return new Value(
                graph.add(new MaskLayer.Blank(name + "/ones", "Mask", 1), reads).get(0),
                value.mask());
    }

    private Value chosen(Merge.Operation operation, List<Value> values) {
        Value result = values.get(0);
        for (Value next : values.subList(1, values.size())) {
            int x =
                    next.masked()
                            ? choose(next.tensor(), result.tensor(), next.mask())
                            : next.tensor();
            int output =
                    result.masked() ? choose(result.tensor(), x, result.mask()) : result.tensor();
            int merged = graph.add(new Merge(name, operation), List.of(output, x)).get(0);
            result = new Value(merged, graph.joined(name, List.of(result, next)));
        }
        return result;
    }

    private int choose(int value, int other, int mask) {
        return graph.add(new MaskLayer.Choose(name + "/mask"), List.of(value, other, mask)).get(0);
    }
}
