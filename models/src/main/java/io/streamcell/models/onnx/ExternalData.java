package io.streamcell.models.onnx;

import com.google.protobuf.ByteString;
import io.streamcell.models.UnsupportedModelException;
import io.streamcell.models.onnx.schema.Onnx.StringStringEntryProto;
import io.streamcell.models.onnx.schema.Onnx.TensorProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * Values that a model keeps in files beside it.
 *
 * @param folder of the model; nothing outside it is read
 */
record ExternalData(Path folder) {
    /**
     * The bytes of a tensor.
     *
     * @param length how many its dimensions need
     * @throws IOException if the file cannot be read
     */
    ByteString read(TensorProto tensor, long length) throws IOException {
        String location = "";
        long offset = 0;
        long bytes = length;
        for (StringStringEntryProto entry : tensor.getExternalDataList()) {
            switch (entry.getKey()) {
                case "location" -> location = entry.getValue();
                case "offset" -> offset = number(tensor, entry);
                case "length" -> bytes = number(tensor, entry);
                default -> {}
            }
        }
        Path file = file(tensor, location);
        if (bytes != length || bytes > Integer.MAX_VALUE) {
            throw TensorReader.refused(
                    tensor, "have %d bytes of data in %s".formatted(length, location), bytes);
        }
        try (FileChannel channel = FileChannel.open(file)) {
            if (offset < 0 || channel.size() - offset < bytes) {
                throw TensorReader.refused(
                        tensor,
                        "have %d bytes of data from %d in %s".formatted(bytes, offset, location),
                        channel.size() + " in the file; was it copied whole?");
            }
            ByteBuffer buffer = ByteBuffer.allocate((int) bytes);
            int read = 0;
            while (buffer.hasRemaining() && read >= 0) {
                read = channel.read(buffer, offset + buffer.position());
            }
            return ByteString.copyFrom(buffer.flip());
        }
    }

    private Path file(TensorProto tensor, String location) {
        try {
            Path relative = Path.of(location);
            Path file = folder.resolve(relative).normalize();
            if (!location.isEmpty()
                    && !relative.isAbsolute()
                    && file.startsWith(folder.normalize())
                    && Files.isRegularFile(file)
                    && file.toRealPath().startsWith(folder.toRealPath())) {
                return file;
            }
        } catch (InvalidPathException | IOException e) {
            throw new UnsupportedModelException(place(tensor, location), e);
        }
        throw new UnsupportedModelException(place(tensor, location));
    }

    private static String place(TensorProto tensor, String location) {
        return "tensor %s must have its data in a file beside the model, got \"%s\"; was it copied too?"
                .formatted(tensor.getName(), location);
    }

    private static long number(TensorProto tensor, StringStringEntryProto entry) {
        try {
            return Long.parseLong(entry.getValue());
        } catch (NumberFormatException e) {
            throw new UnsupportedModelException(
                    "tensor %s: %s of its data must be a number, got %s"
                            .formatted(tensor.getName(), entry.getKey(), entry.getValue()),
                    e);
        }
    }
}
