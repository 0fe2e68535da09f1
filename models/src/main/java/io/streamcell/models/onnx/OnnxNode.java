package io.streamcell.models.onnx;

import io.streamcell.models.UnsupportedModelException;
import io.streamcell.models.onnx.schema.Onnx.AttributeProto;
import io.streamcell.models.onnx.schema.Onnx.AttributeProto.AttributeType;
import io.streamcell.models.onnx.schema.Onnx.NodeProto;
import io.streamcell.models.onnx.schema.Onnx.TensorProto;
import java.util.ArrayList;
import java.util.List;

/**
 * One operator of the graph, with its attributes.
 *
 * @param opset the version of ONNX's operators that the model was saved for
 */
record OnnxNode(NodeProto proto, int opset) {
    String type() {
        return proto.getOpType();
    }

    /** The node's name, or its first output's where it has none. */
    String name() {
        if (!proto.getName().isEmpty()) {
            return proto.getName();
        }
        return outputs().stream().filter(output -> !output.isEmpty()).findFirst().orElse(type());
    }

    /** All tensors that it reads, those of inner graphs last. */
    List<String> inputs() {
        if (!type().equals("If")) {
            return proto.getInputList();
        }
        List<String> inputs = new ArrayList<>(proto.getInputList());
        inputs.addAll(BranchOperator.captured(proto));
        return inputs;
    }

    List<String> outputs() {
        return proto.getOutputList();
    }

    /** The name of input {@code k}, empty where it is left out. */
    String input(int k) {
        return k < proto.getInputCount() ? proto.getInput(k) : "";
    }

    String output(int k) {
        return k < proto.getOutputCount() ? proto.getOutput(k) : "";
    }

    boolean has(String attribute) {
        return proto.getAttributeList().stream().anyMatch(a -> a.getName().equals(attribute));
    }

    private AttributeProto attribute(String name, AttributeType type) {
        for (AttributeProto attribute : proto.getAttributeList()) {
            if (attribute.getName().equals(name)) {
                if (attribute.hasType() && attribute.getType() != type) {
                    throw refused(name, attribute.getType(), "of type " + type);
                }
                return attribute;
            }
        }
        return AttributeProto.getDefaultInstance();
    }

    int integer(String name, int otherwise) {
        AttributeProto attribute = attribute(name, AttributeType.INT);
        return attribute.hasI() ? Math.toIntExact(attribute.getI()) : otherwise;
    }

    float number(String name, float otherwise) {
        AttributeProto attribute = attribute(name, AttributeType.FLOAT);
        return attribute.hasF() ? attribute.getF() : otherwise;
    }

    String text(String name, String otherwise) {
        AttributeProto attribute = attribute(name, AttributeType.STRING);
        return attribute.hasS() ? attribute.getS().toStringUtf8() : otherwise;
    }

    /** A list, empty where the attribute is left out. */
    List<Long> integers(String name) {
        return attribute(name, AttributeType.INTS).getIntsList();
    }

    List<Float> numbers(String name) {
        return attribute(name, AttributeType.FLOATS).getFloatsList();
    }

    List<String> texts(String name) {
        return attribute(name, AttributeType.STRINGS).getStringsList().stream()
                .map(text -> text.toStringUtf8())
                .toList();
    }

    TensorProto tensor(String name) {
        return attribute(name, AttributeType.TENSOR).getT();
    }

    /** An axis counted from the front. */
    int axis(long axis, int rank) {
        long counted = axis < 0 ? axis + rank : axis;
        if (counted < 0 || counted >= rank) {
            throw refused("axis", axis, "within the %d axes of its input".formatted(rank));
        }
        return (int) counted;
    }

    /** The refusal of a property, by node, property, what was found, and what is supported. */
    UnsupportedModelException refused(String property, Object found, Object must) {
        return new UnsupportedModelException(
                "node %s (%s): %s must be %s, got %s"
                        .formatted(name(), type(), property, must, found));
    }
}
