package io.streamcell.models.torch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.streamcell.models.TensorWeights;
import io.streamcell.models.UnsupportedModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The tensors of a safetensors file: a little-endian 64-bit length, as long a JSON header {@code
 * {name: {dtype, shape, data_offsets}}}, then the data. Owns the open file; a tensor is read when
 * it is asked for.
 */
final class Safetensors implements AutoCloseable {
    /** The format's own limit. */
    private static final long MOST_HEADER_BYTES = 100_000_000;

    private final Path path;
    private final FileChannel channel;
    private final JsonNode header;
    private final long dataStart;

    private Safetensors(Path path, FileChannel channel, JsonNode header, long dataStart) {
        this.path = path;
        this.channel = channel;
        this.header = header;
        this.dataStart = dataStart;
    }

    static Safetensors open(Path path) throws IOException {
        FileChannel channel = FileChannel.open(path, StandardOpenOption.READ);
        boolean opened = false;
        try {
            ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            channel.read(length, 0);
            long bytes = length.position() < Long.BYTES ? -1 : length.getLong(0);
            if (bytes < 2 || bytes > MOST_HEADER_BYTES || bytes > channel.size() - Long.BYTES) {
                throw new UnsupportedModelException(
                        "%s must be a safetensors file, whose header is shorter than the file, got a length of %d in %d bytes; was it copied whole?"
                                .formatted(path.getFileName(), bytes, channel.size()));
            }
            ByteBuffer text = ByteBuffer.allocate((int) bytes);
            while (text.hasRemaining() && channel.read(text, Long.BYTES + text.position()) >= 0) {
                // Until the header is there.
            }
            JsonNode header =
                    new ObjectMapper().readTree(new String(text.array(), StandardCharsets.UTF_8));
            opened = true;
            return new Safetensors(path, channel, header, Long.BYTES + bytes);
        } catch (JsonProcessingException e) {
            throw new UnsupportedModelException(
                    "the header of %s must be JSON, got: %s"
                            .formatted(path.getFileName(), e.getOriginalMessage()),
                    e);
        } finally {
            if (!opened) {
                channel.close();
            }
        }
    }

    boolean holds(String name) {
        return header.has(name);
    }

    /** The names that begin with a prefix, without it. */
    Set<String> below(String prefix) {
        Set<String> names = new TreeSet<>();
        header.fieldNames()
                .forEachRemaining(
                        name -> {
                            if (name.startsWith(prefix)) {
                                names.add(name.substring(prefix.length()));
                            }
                        });
        return names;
    }

    /** The dimensions of a tensor. */
    List<Integer> dims(String name) {
        List<Integer> dims = new ArrayList<>();
        for (JsonNode dim : tensor(name).path("shape")) {
            if (!dim.isInt() || dim.asInt() < 1) {
                throw refused(name, "shape", tensor(name).path("shape"), "positive numbers");
            }
            dims.add(dim.asInt());
        }
        return dims;
    }

    private JsonNode tensor(String name) {
        JsonNode tensor = header.path(name);
        if (!tensor.isObject()) {
            throw new UnsupportedModelException(
                    "%s must hold the tensor %s, got none; it has %s"
                            .formatted(path.getFileName(), name, shortened(below("").toString())));
        }
        return tensor;
    }

    private UnsupportedModelException refused(
            String name, String property, Object found, String wanted) {
        return new UnsupportedModelException(
                "%s: %s of tensor %s must be %s, got %s"
                        .formatted(path.getFileName(), property, name, wanted, found));
    }

    private static String shortened(String text) {
        return text.length() <= 200 ? text : text.substring(0, 197) + "...";
    }

    /** A tensor as float32. */
    TensorWeights read(String name) {
        List<Integer> dims = dims(name);
        long count = 1;
        for (int dim : dims) {
            count = Math.multiplyExact(count, dim);
        }
        String type = tensor(name).path("dtype").asText();
        int width =
                switch (type) {
                    case "F64" -> 8;
                    case "F32" -> 4;
                    case "F16", "BF16" -> 2;
                    default -> throw refused(name, "dtype", type, "F64, F32, F16 or BF16");
                };
        long from = tensor(name).path("data_offsets").path(0).asLong(-1);
        long to = tensor(name).path("data_offsets").path(1).asLong(-1);
        try {
            long most = channel.size() - dataStart;
            if (from < 0 || to < from || to > most || to - from != count * width) {
                throw refused(
                        name,
                        "data_offsets",
                        tensor(name).path("data_offsets"),
                        "%d bytes inside the file's %d".formatted(count * width, most));
            }
            ByteBuffer bytes =
                    channel.map(FileChannel.MapMode.READ_ONLY, dataStart + from, to - from)
                            .order(ByteOrder.LITTLE_ENDIAN);
            float[] values = new float[Math.toIntExact(count)];
            for (int k = 0; k < values.length; k++) {
                values[k] = value(bytes, type, k);
            }
            return new TensorWeights(dims, values);
        } catch (IOException e) {
            throw new UnsupportedModelException(
                    "%s must be readable, got: %s".formatted(path.getFileName(), e.getMessage()),
                    e);
        }
    }

    private static float value(ByteBuffer bytes, String type, int k) {
        return switch (type) {
            case "F64" -> (float) bytes.getDouble(8 * k);
            case "F32" -> bytes.getFloat(4 * k);
            case "F16" -> half(bytes.getShort(2 * k));
            default -> Float.intBitsToFloat(bytes.getShort(2 * k) << 16);
        };
    }

    /** IEEE 754 binary16. */
    private static float half(short bits) {
        int sign = (bits & 0x8000) << 16;
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        if (exponent == 0x1f) {
            return Float.intBitsToFloat(sign | 0x7f800000 | fraction << 13);
        } else if (exponent == 0) {
            float magnitude = fraction * 0x1p-24f;
            return sign == 0 ? magnitude : -magnitude;
        }
        return Float.intBitsToFloat(sign | exponent + 112 << 23 | fraction << 13);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
