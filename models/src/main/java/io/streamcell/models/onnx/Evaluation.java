package io.streamcell.models.onnx;

import io.streamcell.models.UnsupportedModelException;
import io.streamcell.models.onnx.Value.Constant;
import io.streamcell.models.onnx.Value.Data;
import io.streamcell.models.onnx.Value.Sizes;
import io.streamcell.models.onnx.schema.Onnx.TensorProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One walk through the graph: the value of every tensor so far, and where new layers go. */
final class Evaluation {
    private final OnnxGraph graph;
    private final TensorReader tensors;
    private final Layers layers;
    private final InputAxes axes;
    private final States states;
    private final Map<String, Value> values = new HashMap<>();
    private final Set<String> needed = new HashSet<>();
    private final Map<String, OnnxNode> makers = new HashMap<>();
    private Data sequence;

    Evaluation(
            OnnxGraph graph, TensorReader tensors, Layers layers, InputAxes axes, States states) {
        this.graph = graph;
        this.tensors = tensors;
        this.layers = layers;
        this.axes = axes;
        this.states = states;
    }

    /** Gives an input its value. */
    void input(String name, Data value) {
        values.put(name, value);
        if (value.computed() && layers.shape(value.tensor()).timed() && sequence == null) {
            sequence = value;
        }
    }

    /** Reads all nodes that some tensors depend on. */
    void run(List<String> wanted) {
        run(graph.needed(wanted), wanted);
    }

    /** Reads some nodes, each behind those that it reads. */
    void run(List<OnnxNode> nodes, List<String> wanted) {
        needed.addAll(wanted);
        nodes.forEach(node -> needed.addAll(node.inputs()));
        for (OnnxNode node : nodes) {
            if (!values.containsKey(node.output(0))) {
                read(node);
            }
        }
    }

    private void read(OnnxNode node) {
        Operator operator = Operators.of(node);
        List<Value> outputs;
        try {
            outputs = operator.read(node, this);
        } catch (ArithmeticException | IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new UnsupportedModelException(
                    "node %s (%s): its shapes must be followed from those of its inputs, but %s"
                            .formatted(node.name(), node.type(), e.getMessage()),
                    e);
        }
        for (int k = 0; k < outputs.size() && k < node.outputs().size(); k++) {
            values.put(node.output(k), outputs.get(k));
        }
        outputs.forEach(output -> checkAxes(node, output));
        follow(node, outputs);
        for (int k = outputs.size(); k < node.outputs().size(); k++) {
            if (needs(node.output(k))) {
                throw node.refused("output " + k, "used", "left out");
            }
        }
    }

    /** Rows have one time axis and one batch; a repetition that makes more has no meaning here. */
    private static void checkAxes(OnnxNode node, Value output) {
        for (int symbol : new int[] {Axis.TIME, Axis.BATCH}) {
            long count =
                    output.axes().stream()
                            .flatMap(axis -> axis.atoms().stream())
                            .filter(atom -> atom.symbol() == symbol)
                            .count();
            if (count > 1) {
                throw node.refused("axes", output.axes(), "one time axis and one batch at most");
            }
        }
    }

    /** What an operator reads that does more than move values is no state any more. */
    private void follow(OnnxNode node, List<Value> outputs) {
        node.outputs().forEach(output -> makers.put(output, node));
        boolean recurrent = RecurrentOperator.TYPES.contains(node.type());
        boolean lost =
                outputs.stream().anyMatch(v -> v instanceof Data data && data.trace() == null);
        for (int k = 0; k < node.inputs().size(); k++) {
            boolean state = recurrent && k >= RecurrentOperator.FIRST_STATE;
            if (!state
                    && (lost || recurrent || !Operators.moves(node))
                    && optional(node, k) instanceof Data data) {
                states.read(data);
            }
        }
    }

    /** The node that gives a tensor, or null for an input. */
    OnnxNode maker(String tensor) {
        return makers.get(tensor);
    }

    Layers layers() {
        return layers;
    }

    InputAxes axes() {
        return axes;
    }

    States states() {
        return states;
    }

    OnnxGraph graph() {
        return graph;
    }

    /** Whether somebody reads a tensor. */
    boolean needs(String tensor) {
        return !tensor.isEmpty() && needed.contains(tensor);
    }

    /** The first input with a time axis, whose length others are repeated to; null for none. */
    Data sequence() {
        return sequence;
    }

    /** Gives a tensor its value before its node is reached. */
    void put(String tensor, Value value) {
        values.put(tensor, value);
    }

    /** The value of a tensor, or null if its node was not reached yet. */
    Value value(String name) {
        Value known = values.get(name);
        TensorProto initializer = graph.initializers().get(name);
        if (known == null && initializer != null) {
            known = Constant.of(array(initializer));
            values.put(name, known);
        }
        return known;
    }

    Tensor array(TensorProto tensor) {
        return tensors.read(tensor);
    }

    /** The value of input {@code k}, or null if it is left out. */
    Value optional(OnnxNode node, int k) {
        return node.input(k).isEmpty() ? null : value(node.input(k));
    }

    Value value(OnnxNode node, int k) {
        Value value = optional(node, k);
        if (value == null) {
            throw node.refused("input " + k, "nothing", "given");
        }
        return value;
    }

    Data data(OnnxNode node, int k) {
        if (value(node, k) instanceof Data data) {
            return data;
        }
        throw node.refused("input " + k, "a constant", "computed from the graph's inputs");
    }

    /** Input {@code k}, which must be a constant of known shape. */
    Tensor constant(OnnxNode node, int k) {
        return constant(node, k, value(node, k));
    }

    static Tensor constant(OnnxNode node, int k, Value value) {
        Tensor array = constant(value);
        if (array == null) {
            throw node.refused(
                    "input " + k + " (" + node.input(k) + ")",
                    value instanceof Data ? "computed" : "of a shape that depends on the inputs'",
                    "a constant");
        }
        return array;
    }

    /** The array of a constant of known shape, or null. */
    static Tensor constant(Value value) {
        if (value instanceof Constant constant && constant.plain()) {
            return constant.array();
        } else if (value instanceof Sizes sizes
                && sizes.elements().stream().allMatch(Size::known)) {
            return Tensor.of(
                    sizes.dims(), sizes.elements().stream().mapToLong(Size::factor).toArray());
        }
        return null;
    }

    /** Whole numbers of a vector or scalar, or null if the value is no such thing. */
    static List<Size> sizes(Value value) {
        if (value instanceof Sizes sizes) {
            return sizes.elements();
        }
        Tensor array = constant(value);
        if (array == null || !array.whole() || array.dims().size() > 1) {
            return null;
        }
        List<Size> sizes = new ArrayList<>();
        for (long number : array.numbers()) {
            sizes.add(Size.of(number));
        }
        return sizes;
    }

    List<Size> sizes(OnnxNode node, int k) {
        List<Size> sizes = sizes(value(node, k));
        if (sizes == null) {
            throw node.refused("input " + k + " (" + node.input(k) + ")", "computed", "a shape");
        }
        return sizes;
    }

    /**
     * Whole numbers that were an attribute in older operator sets and are an input now.
     *
     * @return null where they are left out
     */
    List<Long> integers(OnnxNode node, String attribute, int k) {
        if (node.has(attribute)) {
            return node.integers(attribute);
        }
        Value value = optional(node, k);
        return value == null ? null : sizes(node, k).stream().map(Size::number).toList();
    }
}
