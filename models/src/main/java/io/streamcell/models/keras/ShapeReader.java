package io.streamcell.models.keras;

import io.streamcell.models.RowLayer;
import io.streamcell.models.Shape;
import io.streamcell.models.TimeLayer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Layers that give values another shape, where the time axis stays what it is. */
final class ShapeReader {
    static final Set<String> KINDS = Set.of("Reshape", "Flatten", "Permute", "RepeatVector");

    private ShapeReader() {}

    /**
     * Calls the layer.
     *
     * @param perTimestep whether it is inside a TimeDistributed, where time is no axis of it
     */
    static Value call(Graph graph, LayerConfig config, Value x, boolean perTimestep) {
        Shape shape = graph.shape(x);
        boolean timed = shape.timed() && !perTimestep;
        return switch (config.kind()) {
            case "Flatten" -> {
                if (timed) {
                    throw config.refused(
                            "its input",
                            shape.toString(),
                            "without a time axis, whose length is open here; put Flatten inside TimeDistributed to keep time");
                }
                yield rearranged(graph, config, x, List.of(shape.width()), null);
            }
            case "Reshape" -> reshape(graph, config, x, timed);
            case "Permute" -> permute(graph, config, x, timed);
            default -> repeat(graph, config, x, timed);
        };
    }

    private static Value rearranged(
            Graph graph, LayerConfig config, Value x, List<Integer> dims, int[] places) {
        return Value.unmasked(
                graph.add(
                        new RowLayer.Rearrange(config.name(), config.kind(), dims, places),
                        x.tensor()));
    }

    private static Value reshape(Graph graph, LayerConfig config, Value x, boolean timed) {
        List<Integer> target = config.numbers("target_shape");
        int width = graph.shape(x).width();
        List<Integer> row =
                timed ? target.subList(Math.min(1, target.size()), target.size()) : target;
        List<Integer> dims = new ArrayList<>();
        int known = 1;
        for (int dim : row) {
            known *= dim < 0 ? 1 : dim;
        }
        for (int dim : row) {
            dims.add(dim < 0 && known > 0 ? width / known : dim);
        }
        int product = dims.stream().reduce(1, (a, b) -> a * b);
        if (product != width
                || dims.stream().anyMatch(dim -> dim < 1)
                || timed && target.isEmpty()) {
            throw config.refused(
                    "target_shape",
                    target.toString(),
                    timed
                            ? "one that keeps the time axis and the %d values of a timestep"
                                    .formatted(width)
                            : "one of %d values".formatted(width));
        }
        Value reshaped = rearranged(graph, config, x, dims, null);
        if (graph.shape(x).timed() || dims.size() < 2) {
            return reshaped;
        }
        // A row of a chunk becomes a sequence.
        return Value.unmasked(graph.unrolled(reshaped, config.name() + "/timesteps"));
    }

    private static Value permute(Graph graph, LayerConfig config, Value x, boolean timed) {
        List<Integer> order = new ArrayList<>(config.numbers("dims"));
        List<Integer> dims = graph.shape(x).dims();
        int first = timed ? 2 : 1;
        if (timed && (order.isEmpty() || order.remove(0) != 1)) {
            throw config.refused(
                    "dims", config.numbers("dims").toString(), "1, the time axis, first");
        }
        List<Integer> permuted = new ArrayList<>();
        List<Integer> numbers = new ArrayList<>();
        for (int dim : order) {
            int number = dim - first;
            if (number < 0 || number >= dims.size() || numbers.contains(number)) {
                throw config.refused("dims", config.numbers("dims").toString(), "a permutation");
            }
            numbers.add(number);
            permuted.add(dims.get(number));
        }
        if (numbers.size() != dims.size()) {
            throw config.refused("dims", config.numbers("dims").toString(), "a permutation");
        }
        return rearranged(graph, config, x, permuted, RowLayer.permuted(dims, numbers));
    }

    private static Value repeat(Graph graph, LayerConfig config, Value x, boolean timed) {
        if (timed) {
            throw config.refused("its input", graph.shape(x).toString(), "one row a chunk");
        }
        return Value.unmasked(
                graph.add(
                        new TimeLayer.Unroll(
                                config.name(),
                                config.kind(),
                                config.positive("n"),
                                false,
                                graph.shape(x).dims()),
                        x.tensor()));
    }
}
