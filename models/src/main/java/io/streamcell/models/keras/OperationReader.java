package io.streamcell.models.keras;

import com.fasterxml.jackson.databind.JsonNode;
import io.streamcell.models.Activate;
import io.streamcell.models.Activation;
import io.streamcell.models.Concatenate;
import io.streamcell.models.ElementFunction;
import io.streamcell.models.ElementFunction.Kind;
import io.streamcell.models.Layer;
import io.streamcell.models.MaskLayer;
import io.streamcell.models.Merge;
import io.streamcell.models.RowLayer;
import io.streamcell.models.Shape;
import io.streamcell.models.TimeLayer;
import io.streamcell.models.TimeLayer.Pooling;
import io.streamcell.models.UnsupportedModelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Operations on tensors in a Functional model: arithmetic, slicing, functions of keras.ops. */
final class OperationReader {
    private static final Map<String, Merge.Operation> ARITHMETIC =
            Map.of(
                    "Add", Merge.Operation.ADD,
                    "Subtract", Merge.Operation.SUBTRACT,
                    "Multiply", Merge.Operation.MULTIPLY,
                    "Divide", Merge.Operation.DIVIDE,
                    "TrueDivide", Merge.Operation.DIVIDE,
                    "Maximum", Merge.Operation.MAXIMUM,
                    "Minimum", Merge.Operation.MINIMUM);

    private static final Map<String, Activation> FUNCTIONS =
            Map.ofEntries(
                    Map.entry("Relu", Activation.RELU),
                    Map.entry("Relu6", Activation.RELU6),
                    Map.entry("Sigmoid", Activation.SIGMOID),
                    Map.entry("Tanh", Activation.TANH),
                    Map.entry("Softplus", Activation.SOFTPLUS),
                    Map.entry("Softsign", Activation.SOFTSIGN),
                    Map.entry("Silu", Activation.SILU),
                    Map.entry("HardSigmoid", Activation.HARD_SIGMOID),
                    Map.entry("HardSilu", Activation.HARD_SILU),
                    Map.entry("Exp", Activation.EXPONENTIAL),
                    Map.entry("LogSigmoid", Activation.LOG_SIGMOID),
                    Map.entry("Selu", Activation.SELU),
                    Map.entry("Softmax", Activation.SOFTMAX),
                    Map.entry("LogSoftmax", Activation.LOG_SOFTMAX));

    /** Operations that no layer is called like. */
    private static final Set<String> NO_LAYERS =
            Set.of(
                    "GetItem",
                    "NotEqual",
                    "Equal",
                    "Any",
                    "LogicalOr",
                    "LogicalAnd",
                    "ZerosLike",
                    "OnesLike",
                    "Cast",
                    "ExpandDims",
                    "Squeeze",
                    "Negative",
                    "TrueDivide",
                    "Tanh",
                    "Sigmoid",
                    "Relu",
                    "Mean",
                    "Max",
                    "Sum");

    private static final Map<String, Pooling> POOLINGS =
            Map.of("Mean", Pooling.AVERAGE, "Max", Pooling.MAX, "Sum", Pooling.SUM);

    private final Graph graph;

    OperationReader(Graph graph) {
        this.graph = graph;
    }

    /**
     * Whether a call is one of an operation. Those have their module's name in front; legacy files
     * leave it out, and a layer that is called like an operation reads a list of tensors.
     */
    static boolean knows(LayerCall call) {
        String kind = call.layer().kind();
        return kind.startsWith("keras.src.ops.")
                || kind.startsWith("keras.ops.")
                || NO_LAYERS.contains(kind)
                || ARITHMETIC.containsKey(kind)
                        && call.saved().size() == 2
                        && !call.saved().get(0).isArray();
    }

    Value call(LayerCall call) {
        LayerConfig config = call.layer();
        String operation = config.kind().substring(config.kind().lastIndexOf('.') + 1);
        if (ARITHMETIC.containsKey(operation)) {
            return arithmetic(call, ARITHMETIC.get(operation));
        }
        Value x = call.first();
        Shape shape = graph.shape(x);
        if (FUNCTIONS.containsKey(operation)) {
            if (FUNCTIONS.get(operation).rowwise()) {
                config.lastAxis(rank(shape));
            }
            return value(new Activate(config.name(), FUNCTIONS.get(operation)), x);
        } else if (POOLINGS.containsKey(operation) && shape.timed()) {
            int axis = config.config().path("axis").asInt(Integer.MIN_VALUE);
            if (axis == 1 || axis == 1 - rank(shape)) {
                boolean kept = config.flag("keepdims", false);
                Pooling pooling = POOLINGS.get(operation);
                return value(
                        new TimeLayer.GlobalPool(config.name(), operation, pooling, false, kept),
                        x);
            }
        }
        return switch (operation) {
            case "GetItem" -> new SliceReader(graph, config).call(x, call.saved().path(1));
            case "Concatenate" -> {
                config.lastAxis(rank(shape));
                yield new Value(
                        graph.add(
                                        new Concatenate(config.name()),
                                        call.all().stream().map(Value::tensor).toList())
                                .get(0),
                        Value.NONE);
            }
            case "NotEqual", "Equal" -> compare(call, operation.equals("Equal"));
            case "Any" -> {
                config.lastAxis(rank(shape));
                yield value(new MaskLayer.Differs(config.name(), operation, 0), x);
            }
            case "LogicalOr", "LogicalAnd" -> {
                List<Integer> masks = call.all().stream().map(Value::tensor).toList();
                boolean all = operation.equals("LogicalAnd");
                yield joined(config, masks, all);
            }
            case "ZerosLike" -> function(config, Kind.CLIP, 0, 0, x);
            case "OnesLike" -> function(config, Kind.CLIP, 1, 1, x);
            case "Cast" -> new Value(x.tensor(), Value.NONE);
            case "Negative" -> function(config, Kind.SCALE, -1, 0, x);
            case "Clip" ->
                    function(
                            config,
                            Kind.CLIP,
                            (float) config.number("x_min"),
                            (float) config.number("x_max"),
                            x);
            case "ExpandDims", "Squeeze" -> resized(config, operation, x);
            default ->
                    throw new UnsupportedModelException(
                            "operation %s: it must be arithmetic, slicing or one of docs/layers.md, got %s"
                                    .formatted(config.name(), operation));
        };
    }

    private static int rank(Shape shape) {
        return shape.dims().size() + (shape.timed() ? 2 : 1);
    }

    private Value value(Layer layer, Value x) {
        return Value.unmasked(graph.add(layer, x.tensor()));
    }

    private Value function(LayerConfig config, Kind kind, float alpha, float beta, Value x) {
        List<ElementFunction> functions = List.of(ElementFunction.of(kind, alpha, beta));
        return value(new RowLayer.Elementwise(config.name(), config.kind(), functions), x);
    }

    private Value compare(LayerCall call, boolean equal) {
        JsonNode number = call.saved().path(1);
        if (!number.isNumber()) {
            throw call.layer()
                    .refused("its other argument", LayerConfig.shortened(number), "a number");
        }
        float c = (float) number.asDouble();
        return value(new MaskLayer.Compare(call.layer().name(), c, equal), call.first());
    }

    /** Masks, or what is to become one: a dimension of 1 is repeated. */
    private Value joined(LayerConfig config, List<Integer> masks, boolean all) {
        Merge.Operation operation = all ? Merge.Operation.MINIMUM : Merge.Operation.MAXIMUM;
        return Value.unmasked(graph.add(new Merge(config.name(), operation), masks).get(0));
    }

    /** Two tensors, or a tensor and a number on either side. */
    private Value arithmetic(LayerCall call, Merge.Operation operation) {
        LayerConfig config = call.layer();
        List<Value> values = call.all();
        if (values.size() == 2) {
            List<Integer> reads = List.of(values.get(0).tensor(), values.get(1).tensor());
            return Value.unmasked(graph.add(new Merge(config.name(), operation), reads).get(0));
        }
        JsonNode left = call.saved().path(0);
        JsonNode right = call.saved().path(1);
        JsonNode number = left.isNumber() ? left : right;
        if (!number.isNumber()) {
            throw config.refused(
                    "its other argument", LayerConfig.shortened(number), "a tensor or a number");
        }
        float c = (float) number.asDouble();
        boolean first = left.isNumber();
        Value x = values.get(0);
        return switch (operation) {
            case ADD -> function(config, Kind.SCALE, 1, c, x);
            case SUBTRACT -> function(config, Kind.SCALE, first ? -1 : 1, first ? c : -c, x);
            case MULTIPLY -> function(config, Kind.SCALE, c, 0, x);
            case DIVIDE -> {
                if (first) {
                    throw config.refused("its dividend", number.asText(), "a tensor");
                }
                yield function(config, Kind.SCALE, 1 / c, 0, x);
            }
            case MAXIMUM -> function(config, Kind.CLIP, c, Float.POSITIVE_INFINITY, x);
            case MINIMUM -> function(config, Kind.CLIP, Float.NEGATIVE_INFINITY, c, x);
            case AVERAGE -> throw new IllegalStateException("no operation is an average");
        };
    }

    /** A dimension of 1 more, or fewer, behind the time axis. */
    private Value resized(LayerConfig config, String operation, Value x) {
        Shape shape = graph.shape(x);
        List<Integer> dims = new ArrayList<>(shape.dims());
        boolean expands = operation.equals("ExpandDims");
        int axes = rank(shape) + (expands ? 1 : 0);
        int axis = config.config().path("axis").asInt(Integer.MIN_VALUE);
        int dim = (axis < 0 ? axis + axes : axis) - (shape.timed() ? 2 : 1);
        boolean fits =
                dim >= 0
                        && dim < dims.size() + (expands ? 1 : 0)
                        && (expands || dims.get(dim) == 1);
        if (!fits) {
            throw config.refused("axis", String.valueOf(axis), "one of the features' axes");
        }
        if (expands) {
            dims.add(dim, 1);
        } else {
            dims.remove(dim);
        }
        return value(new RowLayer.Rearrange(config.name(), operation, dims, null), x);
    }
}
