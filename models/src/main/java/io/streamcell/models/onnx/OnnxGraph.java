package io.streamcell.models.onnx;

import io.streamcell.models.UnsupportedModelException;
import io.streamcell.models.onnx.schema.Onnx.GraphProto;
import io.streamcell.models.onnx.schema.Onnx.ModelProto;
import io.streamcell.models.onnx.schema.Onnx.NodeProto;
import io.streamcell.models.onnx.schema.Onnx.OperatorSetIdProto;
import io.streamcell.models.onnx.schema.Onnx.TensorProto;
import io.streamcell.models.onnx.schema.Onnx.TensorShapeProto;
import io.streamcell.models.onnx.schema.Onnx.ValueInfoProto;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The nodes of a model, each behind those that it reads.
 *
 * @param inputs the graph's inputs but for those that only give an initializer another value
 * @param consumers how many nodes and graph outputs read a tensor
 */
record OnnxGraph(
        String name,
        List<Input> inputs,
        List<String> outputs,
        Map<String, TensorProto> initializers,
        List<OnnxNode> nodes,
        Map<String, List<OnnxNode>> consumers) {
    private static final int OLDEST = 7;

    /**
     * A graph input.
     *
     * @param lengths of its axes, 0 where none is fixed
     */
    record Input(String name, List<Long> lengths) {}

    static OnnxGraph of(ModelProto model, TensorReader tensors) {
        GraphProto graph = model.getGraph();
        int opset = opset(model);
        Map<String, TensorProto> initializers = new LinkedHashMap<>();
        graph.getInitializerList().forEach(tensor -> initializers.put(tensor.getName(), tensor));
        List<Input> inputs = new ArrayList<>();
        for (ValueInfoProto input : graph.getInputList()) {
            if (!initializers.containsKey(input.getName())) {
                inputs.add(input(input));
            }
        }
        Set<String> given = new HashSet<>(initializers.keySet());
        inputs.forEach(input -> given.add(input.name()));
        List<OnnxNode> saved = new ArrayList<>();
        for (NodeProto proto : graph.getNodeList()) {
            saved.add(new OnnxNode(proto, opset));
            checkDomain(saved.get(saved.size() - 1));
        }
        List<NodeProto> ordered = inOrder(saved, given).stream().map(OnnxNode::proto).toList();
        List<OnnxNode> nodes = new ArrayList<>();
        Map<String, List<OnnxNode>> consumers = new HashMap<>();
        for (NodeProto proto : patterns(ordered, initializers, tensors)) {
            OnnxNode node = new OnnxNode(proto, opset);
            nodes.add(node);
            for (String read : new HashSet<>(node.inputs())) {
                consumers.computeIfAbsent(read, name -> new ArrayList<>()).add(node);
            }
        }
        List<String> outputs =
                graph.getOutputList().stream().map(ValueInfoProto::getName).distinct().toList();
        return new OnnxGraph(
                graph.getName().isEmpty() ? "model" : graph.getName(),
                inputs,
                outputs,
                initializers,
                nodes,
                consumers);
    }

    private static List<NodeProto> patterns(
            List<NodeProto> nodes, Map<String, TensorProto> initializers, TensorReader tensors) {
        Map<String, TensorProto> constants = new HashMap<>(initializers);
        for (NodeProto node : nodes) {
            OnnxNode one = new OnnxNode(node, 0);
            if (one.type().equals("Constant") && one.has("value")) {
                constants.put(one.output(0), one.tensor("value"));
            }
        }
        return Patterns.found(
                nodes,
                name -> constants.containsKey(name) ? tensors.read(constants.get(name)) : null);
    }

    private static int opset(ModelProto model) {
        for (OperatorSetIdProto set : model.getOpsetImportList()) {
            if (set.getDomain().isEmpty() || set.getDomain().equals("ai.onnx")) {
                if (set.getVersion() < OLDEST) {
                    throw new UnsupportedModelException(
                            "a model must use operator set %d of ONNX or later, got %d"
                                    .formatted(OLDEST, set.getVersion()));
                }
                return (int) Math.min(set.getVersion(), Integer.MAX_VALUE);
            }
        }
        throw new UnsupportedModelException(
                "a model must say which operator set of ONNX it uses, got none");
    }

    static void checkDomain(OnnxNode node) {
        String domain = node.proto().getDomain();
        if (!domain.isEmpty() && !domain.equals("ai.onnx")) {
            throw node.refused("its domain", domain, "ONNX's own");
        }
    }

    private static Input input(ValueInfoProto input) {
        if (!input.getType().getTensorType().hasShape()) {
            throw new UnsupportedModelException(
                    "input %s must be a tensor of known rank, got %s"
                            .formatted(input.getName(), input.getType().getValueCase()));
        }
        List<Long> lengths = new ArrayList<>();
        for (TensorShapeProto.Dimension dim :
                input.getType().getTensorType().getShape().getDimList()) {
            lengths.add(Math.max(0, dim.getDimValue()));
        }
        return new Input(input.getName(), lengths);
    }

    private static List<OnnxNode> inOrder(List<OnnxNode> nodes, Set<String> given) {
        Map<String, List<OnnxNode>> waiting = new HashMap<>();
        Map<OnnxNode, Integer> missing = new LinkedHashMap<>();
        Deque<OnnxNode> ready = new ArrayDeque<>();
        Set<String> made = new HashSet<>(given);
        for (OnnxNode node : nodes) {
            Set<String> reads = new HashSet<>(node.inputs());
            reads.remove("");
            reads.removeAll(given);
            reads.forEach(read -> waiting.computeIfAbsent(read, r -> new ArrayList<>()).add(node));
            missing.put(node, reads.size());
            if (reads.isEmpty()) {
                ready.add(node);
            }
        }
        List<OnnxNode> ordered = new ArrayList<>();
        while (!ready.isEmpty()) {
            OnnxNode node = ready.remove();
            ordered.add(node);
            for (String output : node.outputs()) {
                if (!output.isEmpty() && !made.add(output)) {
                    throw node.refused("output " + output, "made twice", "made once");
                }
                for (OnnxNode reader : waiting.getOrDefault(output, List.of())) {
                    if (missing.merge(reader, -1, Integer::sum) == 0) {
                        ready.add(reader);
                    }
                }
            }
        }
        for (OnnxNode node : nodes) {
            if (missing.get(node) > 0) {
                throw new UnsupportedModelException(
                        "a graph must have no loops and loose ends, but node %s (%s) reads what no node before it gives: %s"
                                .formatted(node.name(), node.type(), node.inputs()));
            }
        }
        return ordered;
    }

    /** The nodes, in order, that some of the tensors depend on. */
    List<OnnxNode> needed(List<String> tensors) {
        Set<String> wanted = new HashSet<>(tensors);
        List<OnnxNode> needed = new ArrayList<>();
        for (int k = nodes.size() - 1; k >= 0; k--) {
            OnnxNode node = nodes.get(k);
            if (node.outputs().stream().anyMatch(wanted::contains)) {
                needed.add(0, node);
                wanted.addAll(node.inputs());
            }
        }
        return needed;
    }
}
