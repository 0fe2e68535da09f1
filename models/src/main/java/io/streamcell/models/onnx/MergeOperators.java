package io.streamcell.models.onnx;

import io.streamcell.models.Layer;
import io.streamcell.models.Merge;
import io.streamcell.models.Merge.Operation;
import io.streamcell.models.onnx.Value.Constant;
import io.streamcell.models.onnx.Value.Data;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Operators of several values, element by element: among data, or of data and constants. */
final class MergeOperators {
    static final Map<String, Operation> TYPES =
            Map.of(
                    "Add", Operation.ADD,
                    "Sum", Operation.ADD,
                    "Sub", Operation.SUBTRACT,
                    "Mul", Operation.MULTIPLY,
                    "Div", Operation.DIVIDE,
                    "Max", Operation.MAXIMUM,
                    "Min", Operation.MINIMUM,
                    "Mean", Operation.AVERAGE);

    private MergeOperators() {}

    static List<Value> read(OnnxNode node, Evaluation graph) {
        List<Value> values = new ArrayList<>();
        for (int k = 0; k < node.inputs().size(); k++) {
            values.add(graph.value(node, k));
        }
        Operation operation = TYPES.get(node.type());
        if (values.stream().allMatch(Data.class::isInstance)) {
            return List.of(merged(node, graph, values, operation));
        } else if (operation == Operation.AVERAGE) {
            throw node.refused("its inputs", "partly constants", "computed");
        }
        Value result = values.get(0);
        for (Value value : values.subList(1, values.size())) {
            result = combined(node, graph, result, value, operation);
        }
        return List.of(result);
    }

    private static Value combined(
            OnnxNode node, Evaluation graph, Value x, Value y, Operation operation) {
        if (x instanceof Data && y instanceof Data) {
            return merged(node, graph, List.of(x, y), operation);
        } else if (x instanceof Data data) {
            return right(node, graph, data, array(node, 1, y), operation);
        } else if (y instanceof Data data) {
            return left(node, graph, array(node, 0, x), data, operation);
        }
        return Folding.folded(node, x, y);
    }

    /** A constant may be repeated for all rows. */
    private static Tensor array(OnnxNode node, int k, Value value) {
        return value instanceof Constant constant
                ? constant.array()
                : Evaluation.constant(node, k, value);
    }

    /** Data, then a constant. */
    private static Data right(
            OnnxNode node, Evaluation graph, Data x, Tensor y, Operation operation) {
        return switch (operation) {
            case ADD -> scaled(node, graph, x, Tensor.of(List.of(), 1f), y);
            case SUBTRACT -> scaled(node, graph, x, Tensor.of(List.of(), 1f), times(y, -1));
            case MULTIPLY -> scaled(node, graph, x, y, Tensor.of(List.of(), 0f));
            case DIVIDE -> RowConstants.divided(node, graph, x, y);
            case MAXIMUM -> clipped(node, graph, x, single(node, y), Float.POSITIVE_INFINITY);
            case MINIMUM -> clipped(node, graph, x, Float.NEGATIVE_INFINITY, single(node, y));
            default -> throw node.refused("its inputs", "partly constants", "computed");
        };
    }

    /** A constant, then data. */
    private static Data left(
            OnnxNode node, Evaluation graph, Tensor x, Data y, Operation operation) {
        return switch (operation) {
            case SUBTRACT -> scaled(node, graph, y, Tensor.of(List.of(), -1f), x);
            case DIVIDE -> throw node.refused("its dividend", "a constant", "computed");
            default -> right(node, graph, y, x, operation);
        };
    }

    private static Data scaled(
            OnnxNode node, Evaluation graph, Data data, Tensor times, Tensor plus) {
        if (times.dims().size() > data.rank()
                || plus.dims().size() > data.rank()
                || times.count() > 1
                || plus.count() > 1) {
            return RowConstants.scaled(node, graph, data, times, plus);
        }
        Layer layer = ElementLayers.scale(node, (float) times.value(0), (float) plus.value(0));
        return new Data(graph.layers().add(data.tensor(), () -> layer), data.axes());
    }

    private static Data clipped(
            OnnxNode node, Evaluation graph, Data data, float least, float most) {
        int tensor =
                graph.layers()
                        .add(
                                data.tensor(),
                                () ->
                                        ElementLayers.layer(
                                                node, List.of(ElementLayers.clip(least, most))));
        return new Data(tensor, data.axes());
    }

    private static float single(OnnxNode node, Tensor array) {
        if (array.count() != 1) {
            throw node.refused("a constant bound", array.dims(), "a single number");
        }
        return (float) array.value(0);
    }

    private static Tensor times(Tensor array, float factor) {
        float[] values = array.asFloats().clone();
        for (int k = 0; k < values.length; k++) {
            values[k] *= factor;
        }
        return Tensor.of(array.dims(), values);
    }

    /** Data with data; a dimension of 1 is repeated, a row of a chunk beside its timesteps. */
    static Data merged(OnnxNode node, Evaluation graph, List<Value> values, Operation operation) {
        List<Axis> axes = values.get(0).axes();
        for (Value value : values) {
            List<Axis> other = value.axes();
            for (int k = 1; k <= Math.min(axes.size(), other.size()); k++) {
                graph.axes().same(axes.get(axes.size() - k), other.get(other.size() - k), node);
            }
            axes = Folding.broadcast(node, axes, other);
        }
        List<Integer> reads = new ArrayList<>();
        for (Value value : values) {
            Data data = (Data) value;
            reads.add(graph.layers().shaped(node, data, aligned(axes, data.axes())));
        }
        if (reads.size() == 1) {
            return (Data) values.get(0);
        }
        int tensor = graph.layers().add(reads, () -> new Merge(node.name(), operation));
        return new Data(tensor, axes);
    }

    /** The dimensions of a row, beside those of a row of the result. */
    private static List<Integer> aligned(List<Axis> axes, List<Axis> own) {
        List<Integer> dims = new ArrayList<>();
        for (int k = 0; k < axes.size(); k++) {
            int at = k - axes.size() + own.size();
            if (axes.get(k).rows() != 1) {
                dims.add(at < 0 ? 1 : own.get(at).rows());
            }
        }
        return dims;
    }

    /** A power of 1 or 2. */
    static List<Value> power(OnnxNode node, Evaluation graph) {
        Value x = graph.value(node, 0);
        Value y = graph.value(node, 1);
        if (!(x instanceof Data data)) {
            return List.of(Folding.folded(node, x, y));
        }
        float exponent = single(node, array(node, 1, y));
        if (exponent == 1) {
            return List.of(data);
        } else if (exponent != 2) {
            throw node.refused("its exponent", exponent, "1 or 2");
        }
        return List.of(merged(node, graph, Arrays.asList(data, data), Operation.MULTIPLY));
    }
}
