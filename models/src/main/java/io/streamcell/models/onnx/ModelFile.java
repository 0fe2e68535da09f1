package io.streamcell.models.onnx;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import io.streamcell.models.UnsupportedModelException;
import io.streamcell.models.onnx.schema.Onnx.ModelProto;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Parses the protobuf message of an {@code .onnx} file. */
final class ModelFile {
    /** Protobuf's own limit. */
    private static final long MAX_BYTES = Integer.MAX_VALUE;

    /** Messages in messages: a graph's constants are six deep, each inner graph adds four. */
    private static final int MAX_DEPTH = 64;

    private ModelFile() {}

    /**
     * @throws UnsupportedModelException if it is no ONNX model, is damaged or too large
     * @throws IOException if the file cannot be read
     */
    static ModelProto parse(Path file) throws IOException {
        long bytes = Files.size(file);
        if (bytes > MAX_BYTES) {
            throw refused(
                    file,
                    "%d bytes, which is above 2 GiB; were the weights not put in a file of their own?"
                            .formatted(bytes));
        }
        ModelProto model;
        try (InputStream stream = Files.newInputStream(file)) {
            CodedInputStream coded = CodedInputStream.newInstance(stream, 1 << 16);
            coded.setSizeLimit(Integer.MAX_VALUE);
            coded.setRecursionLimit(MAX_DEPTH);
            model = ModelProto.parseFrom(coded);
        } catch (InvalidProtocolBufferException e) {
            throw new UnsupportedModelException(
                    message(file, "%d bytes that are not: was it copied whole?".formatted(bytes)),
                    e);
        }
        if (!model.hasGraph() || model.getGraph().getNodeCount() == 0) {
            throw refused(file, "none with a graph of nodes: was it copied whole?");
        }
        return model;
    }

    private static UnsupportedModelException refused(Path file, String found) {
        return new UnsupportedModelException(message(file, found));
    }

    private static String message(Path file, String found) {
        return "an .onnx file must be a ModelProto of ONNX's schema, got in %s %s"
                .formatted(file.getFileName(), found);
    }
}
