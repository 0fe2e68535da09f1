package io.streamcell.models.keras;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keras saves bfloat16 as two raw bytes a value: HDF5's opaque type, without a tag. jHDF (0.13)
 * cannot read the header of an opaque type without a tag. In a private copy of the file the type is
 * therefore called a string of two bytes, which has the same header length and the same data, of
 * which only the raw bytes are then read.
 */
final class RawDatasets {
    /** An object header's message: datatype (3), 8 bytes, any flags, then the type itself. */
    private static final long MESSAGE = 0x0000_0000_0008_0003L;

    private static final long WITHOUT_FLAGS = 0xffff_ff00_ffff_ffffL;

    /** Version 1, class 5 (opaque), no tag, two bytes a value; little-endian. */
    private static final long OPAQUE = 0x0000_0002_0000_0015L;

    /** Version 1, class 3 (string), two bytes a value. */
    private static final long STRING = 0x0000_0002_0000_0013L;

    private RawDatasets() {}

    /** Makes the opaque datasets of a file readable, in place. */
    static void makeReadable(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer bytes = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size());
            bytes.order(java.nio.ByteOrder.LITTLE_ENDIAN);
            for (int at = 0; at + 16 <= bytes.limit(); at += 8) {
                if (bytes.getLong(at + 8) == OPAQUE
                        && (bytes.getLong(at) & WITHOUT_FLAGS) == MESSAGE) {
                    bytes.putLong(at + 8, STRING);
                }
            }
        }
    }
}
