package io.streamcell.benchmarks.kernels;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto;
import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import io.streamcell.models.Cell;
import io.streamcell.models.Embedding;
import io.streamcell.models.Gru;
import io.streamcell.models.Lstm;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * A task's network as an ONNX model: an LSTM or GRU node for each cell, time-major, all shapes
 * fixed. Input {@code x}, {@code [timesteps, rows, features]} or token ids of 64 bits; output
 * {@code y}, {@code [timesteps, 1, rows, units]}; of each cell {@code h0}, {@code c0}, {@code h1},
 * ... in, {@code h0_out}, ... out, {@code [1, rows, units]}.
 */
final class OnnxModel {
    private static final int OPSET = 17;
    private static final int IR_VERSION = 8;

    private final Workload workload;
    private final GraphProto.Builder graph = GraphProto.newBuilder().setName("benchmark");

    private OnnxModel(Workload workload) {
        this.workload = workload;
    }

    /** The model's bytes, as an {@code .onnx} file holds them. */
    static byte[] of(Task task) {
        OnnxModel model = new OnnxModel(task.workload());
        model.write(task);
        return ModelProto.newBuilder()
                .setIrVersion(IR_VERSION)
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPSET))
                .setGraph(model.graph)
                .build()
                .toByteArray();
    }

    /** The names of a cell's state tensors, as the model's inputs have them. */
    static List<String> states(Cell cell, int number) {
        return cell instanceof Lstm ? List.of("h" + number, "c" + number) : List.of("h" + number);
    }

    private void write(Task task) {
        long timesteps = workload.timesteps();
        long rows = workload.rows();
        String current = "x";
        if (task.embedding().isPresent()) {
            Embedding embedding = task.embedding().get();
            input("x", TensorProto.DataType.INT64, timesteps, rows);
            long[] dims = {embedding.vocabulary(), embedding.table().columns()};
            initializer("table", embedding.table().values(), dims);
            graph.addNode(node("Gather", List.of("table", "x"), List.of("embedded")));
            current = "embedded";
        } else {
            input("x", TensorProto.DataType.FLOAT, timesteps, rows, task.inputWidth());
        }
        List<Cell> cells = task.cells();
        for (int number = 0; number < cells.size(); number++) {
            boolean last = number == cells.size() - 1;
            String sequence = last ? "y" : "y" + number;
            recurrent(cells.get(number), number, current, sequence);
            if (!last) {
                axes("direction", 1);
                current = "x" + (number + 1);
                graph.addNode(node("Squeeze", List.of(sequence, "direction"), List.of(current)));
            }
        }
        output("y", timesteps, 1, rows, workload.units());
    }

    private void recurrent(Cell cell, int number, String input, String sequence) {
        boolean lstm = cell instanceof Lstm;
        GateOrder order = lstm ? GateOrder.ONNX_LSTM : GateOrder.KERAS_GRU;
        String w = "W" + number;
        String r = "R" + number;
        String b = "B" + number;
        long width = (long) order.gates().length * cell.units();
        if (cell instanceof Lstm layer) {
            float[] bias = order.row(layer.bias(), 0);
            initializer(w, order.transposed(layer.inputWeights()), 1, width, cell.features());
            initializer(r, order.transposed(layer.recurrentWeights()), 1, width, cell.units());
            initializer(b, Arrays.copyOf(bias, 2 * bias.length), 1, 2 * width);
        } else if (cell instanceof Gru layer) {
            initializer(w, order.transposed(layer.inputWeights()), 1, width, cell.features());
            initializer(r, order.transposed(layer.recurrentWeights()), 1, width, cell.units());
            initializer(b, layer.bias().values(), 1, 2 * width);
        } else {
            throw new IllegalArgumentException("a cell must be LSTM or GRU, got " + cell.kind());
        }
        List<String> states = states(cell, number);
        for (String state : states) {
            input(state, TensorProto.DataType.FLOAT, 1, workload.rows(), cell.units());
            output(state + "_out", 1, workload.rows(), cell.units());
        }
        // An empty name leaves out the lengths of the sequences: all are as long as the input.
        NodeProto.Builder node =
                node(lstm ? "LSTM" : "GRU", List.of(input, w, r, b, ""), List.of(sequence));
        states.forEach(state -> node.addInput(state).addOutput(state + "_out"));
        node.addAttribute(attribute("hidden_size", cell.units()));
        if (!lstm) {
            node.addAttribute(attribute("linear_before_reset", 1));
        }
        graph.addNode(node);
    }

    private static NodeProto.Builder node(String type, List<String> reads, List<String> gives) {
        return NodeProto.newBuilder().setOpType(type).addAllInput(reads).addAllOutput(gives);
    }

    private static AttributeProto attribute(String name, long value) {
        return AttributeProto.newBuilder()
                .setName(name)
                .setType(AttributeProto.AttributeType.INT)
                .setI(value)
                .build();
    }

    private void input(String name, TensorProto.DataType type, long... dims) {
        graph.addInput(value(name, type, dims));
    }

    private void output(String name, long... dims) {
        graph.addOutput(value(name, TensorProto.DataType.FLOAT, dims));
    }

    private static ValueInfoProto value(String name, TensorProto.DataType type, long... dims) {
        TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
        for (long dim : dims) {
            shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(dim));
        }
        TypeProto.Tensor.Builder tensor =
                TypeProto.Tensor.newBuilder().setElemType(type.getNumber()).setShape(shape);
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(tensor))
                .build();
    }

    private void axes(String name, long axis) {
        graph.addInitializer(
                TensorProto.newBuilder()
                        .setName(name)
                        .setDataType(TensorProto.DataType.INT64.getNumber())
                        .addDims(1)
                        .addInt64Data(axis));
    }

    private void initializer(String name, float[] values, long... dims) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.multiplyExact(4, values.length))
                        .order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        TensorProto.Builder tensor =
                TensorProto.newBuilder()
                        .setName(name)
                        .setDataType(TensorProto.DataType.FLOAT.getNumber())
                        .setRawData(ByteString.copyFrom(bytes));
        for (long dim : dims) {
            tensor.addDims(dim);
        }
        graph.addInitializer(tensor);
    }
}
