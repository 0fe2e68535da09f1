package io.streamcell.benchmarks.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

/**
 * An ONNX model that grows call by call, in the wire format of {@code onnx.proto}: the field
 * numbers are those of ModelProto, GraphProto, NodeProto, AttributeProto, TensorProto and
 * ValueInfoProto. Operators of set 14.
 */
public final class OnnxGraph {
    /** A dimension of any length, the same wherever it stands. */
    public static final long TIMESTEPS = -1;

    private static final int IR_VERSION = 8;
    private static final int OPERATOR_SET = 14;
    private static final int FLOAT = 1;
    private static final int INT64 = 7;
    private static final int INTEGER_ATTRIBUTE = 2;

    private final ByteArrayOutputStream graph = new ByteArrayOutputStream();

    /** Part of a message, written field by field. */
    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    /**
     * @param name of the graph
     */
    public OnnxGraph(String name) {
        append(out -> out.writeString(2, name));
    }

    /** Adds a float32 input. */
    public OnnxGraph input(String name, long... dims) {
        return append(out -> message(out, 11, value(name, FLOAT, dims)));
    }

    /** Adds an input of token ids, of 64 bits. */
    public OnnxGraph tokens(String name, long... dims) {
        return append(out -> message(out, 11, value(name, INT64, dims)));
    }

    /** Adds a float32 output. */
    public OnnxGraph output(String name, long... dims) {
        return append(out -> message(out, 12, value(name, FLOAT, dims)));
    }

    /**
     * Adds weights.
     *
     * @param values {@code dims}, row-major
     */
    public OnnxGraph weights(String name, float[] values, long... dims) {
        ByteBuffer raw = littleEndian(values.length * Float.BYTES);
        raw.asFloatBuffer().put(values);
        return append(out -> message(out, 5, tensor(name, FLOAT, raw, dims)));
    }

    /** Adds a list of whole numbers, such as a shape. */
    public OnnxGraph numbers(String name, long... values) {
        ByteBuffer raw = littleEndian(values.length * Long.BYTES);
        raw.asLongBuffer().put(values);
        return append(out -> message(out, 5, tensor(name, INT64, raw, values.length)));
    }

    /**
     * Adds an operator; those whose outputs it reads stand before it.
     *
     * @param inputs names; empty where an optional one is left out
     * @param attributes whole numbers
     */
    public OnnxGraph node(
            String operator,
            List<String> inputs,
            List<String> outputs,
            Map<String, Integer> attributes) {
        Fields node =
                out -> {
                    for (String input : inputs) {
                        out.writeString(1, input);
                    }
                    for (String output : outputs) {
                        out.writeString(2, output);
                    }
                    out.writeString(4, operator);
                    for (Map.Entry<String, Integer> each : attributes.entrySet()) {
                        message(out, 5, attribute(each.getKey(), each.getValue()));
                    }
                };
        return append(out -> message(out, 1, node));
    }

    /** The whole model, as it stands in a file. */
    public byte[] bytes() {
        return bytesOf(
                out -> {
                    out.writeInt64(1, IR_VERSION);
                    out.writeString(2, "streamcell");
                    out.writeByteArray(7, graph.toByteArray());
                    message(out, 8, set -> set.writeInt64(2, OPERATOR_SET));
                });
    }

    private static Fields attribute(String name, int value) {
        return out -> {
            out.writeString(1, name);
            out.writeInt64(3, value);
            out.writeInt32(20, INTEGER_ATTRIBUTE);
        };
    }

    private static Fields tensor(String name, int type, ByteBuffer raw, long... dims) {
        return out -> {
            for (long dim : dims) {
                out.writeInt64(1, dim);
            }
            out.writeInt32(2, type);
            out.writeString(8, name);
            out.writeBytes(9, ByteString.copyFrom(raw.duplicate()));
        };
    }

    private static Fields value(String name, int type, long... dims) {
        Fields shape =
                out -> {
                    for (long dim : dims) {
                        message(out, 1, dimension(dim));
                    }
                };
        Fields tensor =
                out -> {
                    out.writeInt32(1, type);
                    message(out, 2, shape);
                };
        return out -> {
            out.writeString(1, name);
            message(out, 2, either -> message(either, 1, tensor));
        };
    }

    private static Fields dimension(long dim) {
        return out -> {
            if (dim == TIMESTEPS) {
                out.writeString(2, "timesteps");
            } else {
                out.writeInt64(1, dim);
            }
        };
    }

    private static ByteBuffer littleEndian(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private OnnxGraph append(Fields fields) {
        graph.writeBytes(bytesOf(fields));
        return this;
    }

    private static void message(CodedOutputStream out, int field, Fields fields)
            throws IOException {
        out.writeByteArray(field, bytesOf(fields));
    }

    private static byte[] bytesOf(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            CodedOutputStream out = CodedOutputStream.newInstance(bytes);
            fields.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("memory can be written", e);
        }
        return bytes.toByteArray();
    }
}
