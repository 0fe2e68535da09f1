package io.streamcell.models.onnx;

import io.streamcell.models.Network;
import io.streamcell.models.onnx.schema.Onnx.AttributeProto;
import io.streamcell.models.onnx.schema.Onnx.AttributeProto.AttributeType;
import io.streamcell.models.onnx.schema.Onnx.GraphProto;
import io.streamcell.models.onnx.schema.Onnx.ModelProto;
import io.streamcell.models.onnx.schema.Onnx.NodeProto;
import io.streamcell.models.onnx.schema.Onnx.TensorProto;
import io.streamcell.models.onnx.schema.Onnx.TensorShapeProto;
import io.streamcell.models.onnx.schema.Onnx.ValueInfoProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** A model that grows node by node, to be read from a file. */
final class ModelFixture {
    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("fixture");
    private int opset = 17;

    /** Operators of another set. */
    ModelFixture opset(int version) {
        opset = version;
        return this;
    }

    /** A float32 input; an axis of 0 has no fixed length. */
    ModelFixture input(String name, long... dims) {
        graph.addInput(value(name, dims));
        return this;
    }

    ModelFixture output(String... names) {
        Arrays.stream(names).forEach(name -> graph.addOutput(value(name)));
        return this;
    }

    private static ValueInfoProto value(String name, long... dims) {
        ValueInfoProto.Builder value = ValueInfoProto.newBuilder().setName(name);
        TensorShapeProto.Builder shape =
                value.getTypeBuilder().getTensorTypeBuilder().setElemType(1).getShapeBuilder();
        for (long dim : dims) {
            if (dim > 0) {
                shape.addDimBuilder().setDimValue(dim);
            } else {
                shape.addDimBuilder().setDimParam("n");
            }
        }
        return value.build();
    }

    /** Weights that differ from each other. */
    ModelFixture weights(String name, long... dims) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(1);
        long count = 1;
        for (long dim : dims) {
            tensor.addDims(dim);
            count *= dim;
        }
        for (int k = 0; k < count; k++) {
            tensor.addFloatData(0.01f * (k % 37) - 0.1f);
        }
        return constant(tensor.build());
    }

    ModelFixture constant(TensorProto tensor) {
        graph.addInitializer(tensor);
        return this;
    }

    ModelFixture integers(String name, long... values) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(7);
        tensor.addDims(values.length);
        Arrays.stream(values).forEach(tensor::addInt64Data);
        return constant(tensor.build());
    }

    ModelFixture node(
            String type, String name, List<String> reads, List<String> gives, AttributeProto... a) {
        graph.addNode(
                NodeProto.newBuilder()
                        .setOpType(type)
                        .setName(name)
                        .addAllInput(reads)
                        .addAllOutput(gives)
                        .addAllAttribute(List.of(a)));
        return this;
    }

    /** An LSTM of 4 features and 3 units, called {@code rnn}, from x to y, h and c. */
    ModelFixture lstm(AttributeProto... attributes) {
        return lstm(List.of("x", "W", "R", "B"), attributes);
    }

    ModelFixture lstm(List<String> reads, AttributeProto... attributes) {
        return weights("W", 1, 12, 4)
                .weights("R", 1, 12, 3)
                .weights("B", 1, 24)
                .node("LSTM", "rnn", reads, List.of("y", "h", "c"), attributes);
    }

    static AttributeProto attribute(String name, long... values) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
        Arrays.stream(values).forEach(attribute::addInts);
        return attribute.build();
    }

    static AttributeProto integer(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeType.INT)
                .setI(value)
                .build();
    }

    static AttributeProto text(String name, String value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeType.STRING)
                .setS(com.google.protobuf.ByteString.copyFromUtf8(value))
                .build();
    }

    static AttributeProto texts(String name, String... values) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder().setName(name).setType(AttributeType.STRINGS);
        for (String value : values) {
            attribute.addStrings(com.google.protobuf.ByteString.copyFromUtf8(value));
        }
        return attribute.build();
    }

    ModelProto model() {
        ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(8).setGraph(graph);
        model.addOpsetImportBuilder().setVersion(opset);
        return model.build();
    }

    Network read(Path folder) throws IOException {
        Path file = folder.resolve("model.onnx");
        Files.write(file, model().toByteArray());
        return OnnxReader.read(file);
    }
}
