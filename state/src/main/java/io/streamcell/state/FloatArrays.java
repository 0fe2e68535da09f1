package io.streamcell.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Float arrays as raw little-endian float32, in bulk where there are many: one by one costs several
 * times as much.
 */
public final class FloatArrays {
    private static final int CHUNK = 16_384;

    /** Up to so many, one by one costs less than an array for them all. */
    private static final int FEW = 16;

    private FloatArrays() {}

    /** Writes the values, not their number. */
    public static void write(float[] values, DataOutputView target) throws IOException {
        if (values.length <= FEW) {
            for (float value : values) {
                target.writeInt(Integer.reverseBytes(Float.floatToRawIntBits(value)));
            }
            return;
        }
        byte[] bytes = new byte[Float.BYTES * Math.min(values.length, CHUNK)];
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < values.length; from += CHUNK) {
            int count = Math.min(CHUNK, values.length - from);
            buffer.asFloatBuffer().put(values, from, count);
            target.write(bytes, 0, Float.BYTES * count);
        }
    }

    /** Reads {@code count} values. */
    public static float[] read(int count, DataInputView source) throws IOException {
        float[] values = new float[count];
        if (count <= FEW) {
            for (int k = 0; k < count; k++) {
                values[k] = Float.intBitsToFloat(Integer.reverseBytes(source.readInt()));
            }
            return values;
        }
        byte[] bytes = new byte[Float.BYTES * Math.min(count, CHUNK)];
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < count; from += CHUNK) {
            int part = Math.min(CHUNK, count - from);
            source.readFully(bytes, 0, Float.BYTES * part);
            buffer.asFloatBuffer().get(values, from, part);
        }
        return values;
    }
}
