package io.streamcell.models.onnx;

import io.streamcell.models.Hostile;
import io.streamcell.models.onnx.schema.Onnx.StringStringEntryProto;
import io.streamcell.models.onnx.schema.Onnx.TensorProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ONNX files that name data elsewhere. */
class HostileOnnxTest {
    @TempDir private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {"../secret", "/etc/hostname", "a/../../secret", "..", "link", "a/b", ""})
    void dataElsewhereIsNotRead(String location) throws IOException {
        Path outside = Files.createDirectories(folder.resolve("outside"));
        Files.write(outside.resolve("secret"), new byte[4 * 48]);
        Path inside = Files.createDirectories(outside.resolve("model"));
        Files.createSymbolicLink(inside.resolve("link"), outside.resolve("secret"));
        TensorProto.Builder weights =
                TensorProto.newBuilder()
                        .setName("W")
                        .setDataType(1)
                        .addAllDims(List.of(1L, 12L, 4L))
                        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                        .addExternalData(
                                StringStringEntryProto.newBuilder()
                                        .setKey("location")
                                        .setValue(location));
        ModelFixture model =
                new ModelFixture()
                        .input("x", 0, 1, 4)
                        .constant(weights.build())
                        .weights("R", 1, 12, 3)
                        .node("LSTM", "rnn", List.of("x", "W", "R"), List.of("y"))
                        .output("y");
        Path file = inside.resolve("model.onnx");
        Files.write(file, model.model().toByteArray());

        Hostile.refused(file, "beside");
    }
}
