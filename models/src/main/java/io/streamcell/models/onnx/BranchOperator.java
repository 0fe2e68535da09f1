package io.streamcell.models.onnx;

import io.streamcell.models.onnx.Value.Constant;
import io.streamcell.models.onnx.schema.Onnx.AttributeProto;
import io.streamcell.models.onnx.schema.Onnx.GraphProto;
import io.streamcell.models.onnx.schema.Onnx.NodeProto;
import io.streamcell.models.onnx.schema.Onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** If, where it is known when the model is read which branch is taken. */
final class BranchOperator {
    private static final List<String> BRANCHES = List.of("then_branch", "else_branch");

    private BranchOperator() {}

    static List<Value> read(OnnxNode node, Evaluation graph) {
        boolean taken = graph.constant(node, 0).value(0) != 0;
        GraphProto branch = graph(node.proto(), BRANCHES.get(taken ? 0 : 1));
        branch.getInitializerList()
                .forEach(tensor -> graph.put(tensor.getName(), Constant.of(graph.array(tensor))));
        List<OnnxNode> nodes =
                branch.getNodeList().stream().map(one -> new OnnxNode(one, node.opset())).toList();
        nodes.forEach(OnnxGraph::checkDomain);
        List<String> outputs = names(branch);
        graph.run(nodes, outputs);
        List<Value> values = new ArrayList<>();
        for (String output : outputs) {
            if (graph.value(output) == null) {
                throw node.refused("output " + output + " of its branch", "nothing", "made");
            }
            values.add(graph.value(output));
        }
        return values;
    }

    private static GraphProto graph(NodeProto node, String attribute) {
        return node.getAttributeList().stream()
                .filter(one -> one.getName().equals(attribute))
                .map(AttributeProto::getG)
                .findFirst()
                .orElse(GraphProto.getDefaultInstance());
    }

    private static List<String> names(GraphProto branch) {
        return branch.getOutputList().stream().map(ValueInfoProto::getName).toList();
    }

    /** What an operator's inner graphs read from around them. */
    static Set<String> captured(NodeProto node) {
        Set<String> captured = new HashSet<>();
        for (String attribute : BRANCHES) {
            GraphProto branch = graph(node, attribute);
            Set<String> read = new HashSet<>(names(branch));
            for (NodeProto inner : branch.getNodeList()) {
                read.addAll(inner.getInputList());
                read.addAll(captured(inner));
            }
            branch.getNodeList().forEach(inner -> read.removeAll(inner.getOutputList()));
            branch.getInitializerList().forEach(tensor -> read.remove(tensor.getName()));
            captured.addAll(read);
        }
        return captured;
    }
}
