package io.streamcell.models.onnx;

import com.google.protobuf.ByteString;
import io.streamcell.models.UnsupportedModelException;
import io.streamcell.models.onnx.schema.Onnx.TensorProto;
import io.streamcell.models.onnx.schema.Onnx.TensorProto.DataType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/** Turns TensorProto messages into arrays: floats of any width to float32, the rest to numbers. */
final class TensorReader {
    private final ExternalData external;

    /** An array is read once, however many walks there are. */
    private final IdentityHashMap<TensorProto, Tensor> known = new IdentityHashMap<>();

    TensorReader(Path folder) {
        external = new ExternalData(folder);
    }

    /**
     * @throws UnsupportedModelException if its values are not as many as its dimensions say, or of
     *     a type that cannot be read
     * @throws UncheckedIOException if they are in another file that cannot be read
     */
    Tensor read(TensorProto tensor) {
        Tensor array = known.get(tensor);
        if (array == null) {
            try {
                array = readNew(tensor);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            known.put(tensor, array);
        }
        return array;
    }

    private Tensor readNew(TensorProto tensor) throws IOException {
        List<Integer> dims = new ArrayList<>();
        long count = 1;
        for (long dim : tensor.getDimsList()) {
            if (dim < 0 || dim > Integer.MAX_VALUE) {
                throw refused(tensor, "have dimensions of 0 to 2^31 - 1", tensor.getDimsList());
            }
            dims.add((int) dim);
            count *= dim;
            if (count > Integer.MAX_VALUE) {
                throw refused(tensor, "have at most 2^31 - 1 values", tensor.getDimsList());
            }
        }
        DataType type = DataType.forNumber(tensor.getDataType());
        int width = width(type);
        if (width == 0) {
            throw refused(
                    tensor,
                    "be of a type of numbers or BOOL",
                    type == null ? tensor.getDataType() : type);
        }
        int values = (int) count;
        boolean elsewhere = tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL;
        if (elsewhere || tensor.hasRawData()) {
            ByteString raw = elsewhere ? external.read(tensor, count * width) : tensor.getRawData();
            if (raw.size() != count * width) {
                throw refused(tensor, "have %d bytes".formatted(count * width), raw.size());
            }
            ByteBuffer buffer = raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
            return floating(type)
                    ? Tensor.of(dims, floats(buffer, type, values))
                    : Tensor.of(dims, numbers(buffer, type, values));
        }
        return listed(tensor, type, dims, values);
    }

    private static Tensor listed(
            TensorProto tensor, DataType type, List<Integer> dims, int values) {
        int found =
                switch (type) {
                    case FLOAT -> tensor.getFloatDataCount();
                    case DOUBLE -> tensor.getDoubleDataCount();
                    case INT64 -> tensor.getInt64DataCount();
                    case UINT32, UINT64 -> tensor.getUint64DataCount();
                    default -> tensor.getInt32DataCount();
                };
        if (found != values) {
            throw refused(tensor, "have %d values".formatted(values), found);
        }
        if (!floating(type)) {
            long[] numbers = new long[values];
            for (int k = 0; k < values; k++) {
                numbers[k] =
                        switch (type) {
                            case INT64 -> tensor.getInt64Data(k);
                            case UINT32, UINT64 -> tensor.getUint64Data(k);
                            default -> tensor.getInt32Data(k);
                        };
            }
            return Tensor.of(dims, numbers);
        }
        float[] floats = new float[values];
        for (int k = 0; k < values; k++) {
            floats[k] =
                    switch (type) {
                        case FLOAT -> tensor.getFloatData(k);
                        case DOUBLE -> (float) tensor.getDoubleData(k);
                        case FLOAT16 -> half((short) tensor.getInt32Data(k));
                        default -> Float.intBitsToFloat(tensor.getInt32Data(k) << 16);
                    };
        }
        return Tensor.of(dims, floats);
    }

    private static float[] floats(ByteBuffer buffer, DataType type, int count) {
        float[] values = new float[count];
        if (type == DataType.FLOAT) {
            buffer.asFloatBuffer().get(values);
            return values;
        }
        for (int k = 0; k < count; k++) {
            values[k] =
                    switch (type) {
                        case DOUBLE -> (float) buffer.getDouble();
                        case FLOAT16 -> half(buffer.getShort());
                        default -> Float.intBitsToFloat(buffer.getShort() << 16);
                    };
        }
        return values;
    }

    private static long[] numbers(ByteBuffer buffer, DataType type, int count) {
        long[] values = new long[count];
        for (int k = 0; k < count; k++) {
            values[k] =
                    switch (type) {
                        case INT8, BOOL -> buffer.get();
                        case UINT8 -> buffer.get() & 0xff;
                        case INT16 -> buffer.getShort();
                        case UINT16 -> buffer.getShort() & 0xffff;
                        case INT32 -> buffer.getInt();
                        case UINT32 -> buffer.getInt() & 0xffffffffL;
                        default -> buffer.getLong();
                    };
        }
        return values;
    }

    /** The value of IEEE 754 half precision bits. */
    private static float half(short bits) {
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        float magnitude =
                switch (exponent) {
                    case 0 -> fraction * 0x1p-24f;
                    case 31 -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
                    default -> Float.intBitsToFloat(exponent + 112 << 23 | fraction << 13);
                };
        return bits < 0 ? -magnitude : magnitude;
    }

    static boolean floating(DataType type) {
        return switch (type) {
            case FLOAT, DOUBLE, FLOAT16, BFLOAT16 -> true;
            default -> false;
        };
    }

    /** Bytes of a value, 0 for a type that is not read. */
    private static int width(DataType type) {
        return switch (type == null ? DataType.UNDEFINED : type) {
            case INT8, UINT8, BOOL -> 1;
            case INT16, UINT16, FLOAT16, BFLOAT16 -> 2;
            case FLOAT, INT32, UINT32 -> 4;
            case DOUBLE, INT64, UINT64 -> 8;
            default -> 0;
        };
    }

    static UnsupportedModelException refused(TensorProto tensor, String must, Object found) {
        return new UnsupportedModelException(
                "tensor %s must %s, got %s".formatted(tensor.getName(), must, found));
    }
}
