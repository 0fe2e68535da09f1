package io.streamcell.models.keras;

import io.streamcell.models.Activate;
import io.streamcell.models.Activation;
import io.streamcell.models.Concatenate;
import io.streamcell.models.Dense;
import io.streamcell.models.ElementFunction;
import io.streamcell.models.Embedding;
import io.streamcell.models.Identity;
import io.streamcell.models.Layer;
import io.streamcell.models.MaskLayer;
import io.streamcell.models.Merge;
import io.streamcell.models.RowLayer;
import io.streamcell.models.Shape;
import io.streamcell.models.UnsupportedModelException;
import io.streamcell.models.Weights;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Calls of layers: each is made of its saved configuration and weights, and added to the graph. */
final class LayerReader {
    private static final Set<String> IDENTITIES =
            Set.of(
                    "Dropout",
                    "SpatialDropout1D",
                    "GaussianDropout",
                    "GaussianNoise",
                    "AlphaDropout",
                    "ActivityRegularization",
                    "Identity");

    private static final Map<String, Merge.Operation> MERGES =
            Map.of(
                    "Add", Merge.Operation.ADD,
                    "Subtract", Merge.Operation.SUBTRACT,
                    "Multiply", Merge.Operation.MULTIPLY,
                    "Average", Merge.Operation.AVERAGE,
                    "Maximum", Merge.Operation.MAXIMUM,
                    "Minimum", Merge.Operation.MINIMUM);

    private final Graph graph;
    private final RecurrentReader recurrent;
    private final TimeReader time;
    private final OperationReader operations;

    /** Whether the layer is inside a TimeDistributed, and its own dimensions are those of a row. */
    private boolean perTimestep;

    LayerReader(Graph graph) {
        this.graph = graph;
        this.recurrent = new RecurrentReader(graph);
        this.time = new TimeReader(graph);
        this.operations = new OperationReader(graph);
    }

    static boolean changesNothing(String kind) {
        return IDENTITIES.contains(kind);
    }

    /**
     * Calls a layer.
     *
     * @param call with the values that it reads
     */
    List<Value> call(LayerCall call, LayerWeights weights) {
        LayerConfig config = call.layer();
        String kind = config.kind();
        if (OperationReader.knows(call)) {
            return List.of(operations.call(call));
        }
        Value x = call.first();
        if (RecurrentReader.KINDS.contains(kind)) {
            if (perTimestep) {
                throw config.refused("a layer inside TimeDistributed", kind, "one of a timestep");
            }
            return recurrent.call(config, weights, call.masked(x), call.states());
        } else if (MERGES.containsKey(kind)) {
            return List.of(new MergeReader(graph, config.name()).merge(MERGES.get(kind), call));
        } else if (TimeReader.knows(kind)) {
            if (perTimestep) {
                throw config.refused("a layer inside TimeDistributed", kind, "one of a timestep");
            }
            return List.of(time.call(config, weights, call.masked(x)));
        } else if (ShapeReader.KINDS.contains(kind)) {
            return List.of(ShapeReader.call(graph, config, x, perTimestep));
        }
        return switch (kind) {
            case "Concatenate" -> {
                config.lastAxis(rank(graph.shape(x)));
                yield List.of(concatenate(call));
            }
            case "Masking" -> List.of(masking(config, x));
            case "Embedding" -> List.of(embedding(config, weights, x));
            case "TimeDistributed" -> timeDistributed(call, weights);
            case "Dense" -> List.of(dense(config, weights, x));
            default -> {
                Shape shape = graph.shape(x);
                Layer layer = graph.once(weights.path(), () -> layer(config, weights, shape));
                boolean destroys = kind.equals("RMSNormalization");
                yield List.of(
                        new Value(graph.add(layer, x.tensor()), destroys ? Value.NONE : x.mask()));
            }
        };
    }

    private Layer layer(LayerConfig config, LayerWeights weights, Shape input) {
        int rank = rank(input);
        Layer normalization = NormalizationReader.read(config, weights, input, rank);
        if (normalization != null) {
            return normalization;
        }
        String name = config.name();
        List<ElementFunction> functions = Functions.ofLayer(config);
        if (functions != null) {
            return new RowLayer.Elementwise(name, config.kind(), functions);
        }
        return switch (config.kind()) {
            case "Activation" -> new Activate(name, config.activation("activation"));
            case "Softmax" -> {
                config.lastAxis(rank);
                yield new Activate(name, Activation.SOFTMAX);
            }
            case "PReLU" -> prelu(config, weights, input);
            default -> {
                if (changesNothing(config.kind())) {
                    yield new Identity(name, config.kind());
                }
                throw new UnsupportedModelException(
                        "layer %s: its class must be one of those in docs/layers.md (%s); got %s"
                                .formatted(name, "LSTM, GRU, Dense, ...", config.kind()));
            }
        };
    }

    /** Axes with the batch; inside a TimeDistributed time is not one of them. */
    private int rank(Shape shape) {
        return shape.dims().size() + (shape.timed() && !perTimestep ? 2 : 1);
    }

    private Value concatenate(LayerCall call) {
        Layer layer = new Concatenate(call.layer().name());
        List<Value> values = call.all();
        int output = graph.add(layer, values.stream().map(Value::tensor).toList()).get(0);
        return new Value(output, graph.joined(layer.name(), values));
    }

    private Value masking(LayerConfig config, Value x) {
        float value = (float) config.number("mask_value", 0);
        int mask =
                graph.add(
                        new MaskLayer.Differs(config.name() + "/mask", "Masking", value),
                        x.tensor());
        int blank =
                graph.add(
                                new MaskLayer.Blank(config.name(), "Masking", 0),
                                List.of(x.tensor(), mask))
                        .get(0);
        return new Value(blank, mask);
    }

    private Value embedding(LayerConfig config, LayerWeights weights, Value x) {
        if (config.config().hasNonNull("lora_rank")) {
            throw config.refused("lora_rank", config.config().get("lora_rank").toString(), "null");
        }
        Layer layer =
                graph.once(
                        weights.path(),
                        () ->
                                new Embedding(
                                        config.name(),
                                        weights.matrix(
                                                0,
                                                config.positive("input_dim"),
                                                config.positive("output_dim"))));
        int output = graph.add(layer, x.tensor());
        boolean masked = config.flag("mask_zero", false);
        int mask =
                masked
                        ? graph.add(
                                new MaskLayer.Differs(config.name() + "/mask", "Mask", 0),
                                x.tensor())
                        : Value.NONE;
        return new Value(output, mask);
    }

    private Value dense(LayerConfig config, LayerWeights weights, Value x) {
        if (config.config().hasNonNull("lora_rank")) {
            throw config.refused("lora_rank", config.config().get("lora_rank").toString(), "null");
        }
        List<ElementFunction> functions = Functions.ofActivation(config);
        int features = graph.shape(x).features();
        Layer layer =
                graph.once(
                        weights.path(),
                        () -> {
                            int units = config.positive("units");
                            Weights matrix = weights.matrix(0, features, units);
                            Weights bias =
                                    config.flag("use_bias", true)
                                            ? weights.vector(1, units)
                                            : Weights.vector(new float[units]);
                            Activation activation =
                                    functions == null
                                            ? config.activation("activation")
                                            : Activation.LINEAR;
                            return new Dense(config.name(), matrix, bias, activation);
                        });
        int output = graph.add(layer, x.tensor());
        if (functions != null) {
            String name = config.name() + "/activation";
            output = graph.add(new RowLayer.Elementwise(name, "Activation", functions), output);
        }
        return new Value(output, x.mask());
    }

    private static Layer prelu(LayerConfig config, LayerWeights weights, Shape input) {
        List<Integer> shared =
                config.config().hasNonNull("shared_axes")
                        ? config.numbers("shared_axes")
                        : List.of();
        int first = input.timed() ? 2 : 1;
        if (input.timed() && !shared.contains(1)) {
            throw config.refused("shared_axes", shared.toString(), "[1], the time axis, or more");
        }
        int[] shape = new int[input.dims().size() + first - 1];
        int count = 1;
        for (int axis = 1; axis <= shape.length; axis++) {
            boolean own = axis >= first && !shared.contains(axis);
            shape[axis - 1] = own ? input.dims().get(axis - first) : 1;
            count *= shape[axis - 1];
        }
        boolean whole = count == input.width() || count == 1 || count == input.features();
        if (!whole || count == input.features() && shape[shape.length - 1] != count) {
            throw config.refused(
                    "shared_axes", shared.toString(), "the time axis alone, or all but the last");
        }
        return new RowLayer.PRelu(config.name(), Weights.vector(weights.read(0, shape)));
    }

    /** The inner layer works on each timestep alike, as layers of rows do anyway. */
    private List<Value> timeDistributed(LayerCall call, LayerWeights weights) {
        LayerConfig config = call.layer();
        LayerConfig inner = config.inner("layer");
        Value x = graph.timed(call.first(), config.name());
        LayerConfig renamed = new LayerConfig(inner.kind(), config.name(), inner.config());
        boolean before = perTimestep;
        perTimestep = true;
        try {
            return call(call.of(renamed, x), weights.child("layer"));
        } finally {
            perTimestep = before;
        }
    }

    /** Runs something inside a TimeDistributed. */
    List<Value> perTimestep(java.util.function.Supplier<List<Value>> calls) {
        boolean before = perTimestep;
        perTimestep = true;
        try {
            return calls.get();
        } finally {
            perTimestep = before;
        }
    }
}
