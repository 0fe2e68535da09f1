package io.streamcell.jobs.float32;

import io.streamcell.operators.Reason;
import io.streamcell.operators.RejectedEventException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * Raw float32, little-endian, one after another. The bits stay what they are, also those of NaN.
 */
final class FloatBytes {
    private FloatBytes() {}

    /**
     * The floats of a value.
     *
     * @throws RejectedEventException if it ends inside one
     */
    static float[] read(byte[] value) {
        if (value.length % Float.BYTES != 0) {
            throw new RejectedEventException(
                    Reason.FORMAT,
                    "a value must be float32, 4 bytes each, got %d bytes".formatted(value.length));
        }
        float[] floats = new float[value.length / Float.BYTES];
        ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
        return floats;
    }

    /** The value that holds all arrays. */
    static byte[] write(List<float[]> arrays) {
        int count = arrays.stream().mapToInt(array -> array.length).sum();
        ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        FloatBuffer floats = bytes.asFloatBuffer();
        arrays.forEach(floats::put);
        return bytes.array();
    }
}
