package io.streamcell.models.onnx;

import static io.streamcell.models.onnx.ModelFixture.integer;
import static io.streamcell.models.onnx.ModelFixture.text;
import static io.streamcell.models.onnx.ModelFixture.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamcell.models.UnsupportedModelException;
import io.streamcell.models.onnx.schema.Onnx.TensorProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxRefusalsTest {
    private static final Path GOLDEN = Path.of("src/test/golden");

    @TempDir Path folder;

    @Test
    void anotherOperatorIsRefusedByNodeAndName() {
        assertRefused(
                plain().node("Loop", "body", List.of("y"), List.of("out")).output("out"),
                "node body: its operator must be one of Abs, Add, .*; got Loop");
    }

    @Test
    void aGraphWithoutARecurrentOperatorIsRefused() {
        assertRefused(
                new ModelFixture()
                        .input("x", 0, 4)
                        .node("Relu", "r", List.of("x"), List.of("out"))
                        .output("out"),
                "graph fixture must have an operator LSTM, GRU or RNN, got none; did the exporter unroll it over a fixed number of timesteps\\?");
    }

    @Test
    void attributesOutOfRangeAreRefusedByNodePropertyAndWhatIsSupported() {
        assertRefused(
                x().lstm(text("direction", "sideways")).output("y"),
                "node rnn \\(LSTM\\): direction must be forward, reverse or bidirectional, got sideways");
        assertRefused(
                x().lstm(integer("hidden_size", 5)).output("y"),
                "node rnn \\(LSTM\\): hidden_size must be 3 as R has, got 5");
        assertRefused(
                x().lstm(texts("activations", "Sigmoid", "Sine", "Tanh")).output("y"),
                "node rnn \\(LSTM\\): activations must be Sigmoid, Tanh, .*, got Sine");
        assertRefused(
                x().lstm(texts("activations", "Sigmoid", "Affine", "Tanh")).output("y"),
                "node rnn \\(LSTM\\): activation_alpha and activation_beta must be given for Affine, got none");
    }

    @Test
    void lengthsOfSequencesAreRefused() {
        ModelFixture model = x().input("lengths", 0);
        assertRefused(
                model.lstm(List.of("x", "W", "R", "B", "lengths")).output("y"),
                "node rnn \\(LSTM\\): sequence_lens must be left out, or the length of the sequence: .*, got an input \\(lengths\\)");
    }

    @Test
    void weightsThatDoNotFitAreRefused() {
        assertRefused(
                x().weights("W", 1, 12, 4)
                        .weights("R", 1, 9, 3)
                        .node("LSTM", "rnn", List.of("x", "W", "R"), List.of("y"))
                        .output("y"),
                "node rnn \\(LSTM\\): the shape of R must be \\[1, 12, 3\\], got \\[1, 9, 3\\]");
    }

    @Test
    void partOfTheBatchIsRefused() {
        ModelFixture model = plain().integers("0", 0).integers("2", 2);
        assertRefused(
                model.node("Slice", "cut", List.of("y", "0", "2", "2"), List.of("out"))
                        .output("out"),
                "node cut \\(Slice\\): axis 2, the batch must be taken whole, got only in part");
    }

    @Test
    void anAxisCannotBeTimeAndBatch() {
        ModelFixture model =
                plain().node(
                                "Transpose",
                                "turn",
                                List.of("x"),
                                List.of("t"),
                                ModelFixture.attribute("perm", 1, 0, 2))
                        .node("LSTM", "other", List.of("t", "W", "R", "B"), List.of("z"));
        assertRefused(
                model.output("y", "z"),
                "axis 1 of input x must be one thing, got batch at node rnn and time at node other");
    }

    @Test
    void aLoopInTheGraphIsRefused() {
        assertRefused(
                plain().node("Relu", "a", List.of("q"), List.of("p"))
                        .node("Relu", "b", List.of("p"), List.of("q"))
                        .output("q"),
                "a graph must have no loops and loose ends, but node a \\(Relu\\) reads what no node before it gives: \\[q\\]");
    }

    @Test
    void dataThatIsNotAsLongAsItsDimensionsIsRefused() {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName("W").setDataType(1);
        ModelFixture model = x().constant(tensor.addDims(3).addDims(5).addFloatData(1).build());
        assertRefused(
                model.node("LSTM", "rnn", List.of("x", "W", "W"), List.of("y")).output("y"),
                "tensor W must have 15 values, got 1");
        TensorProto.Builder huge = TensorProto.newBuilder().setName("V").setDataType(1);
        huge.addDims(1 << 30).addDims(1 << 30);
        assertRefused(
                x().constant(huge.build())
                        .node("LSTM", "rnn", List.of("x", "V", "V"), List.of("y"))
                        .output("y"),
                "tensor V must have at most 2\\^31 - 1 values, got \\[1073741824, 1073741824\\]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../secret", "/etc/hostname", "", "nothing"})
    void dataOfAnotherFolderIsRefused(String location) {
        TensorProto.Builder tensor = TensorProto.newBuilder().setName("W").setDataType(1);
        tensor.addDims(1).addDims(12).addDims(4);
        tensor.setDataLocation(TensorProto.DataLocation.EXTERNAL);
        tensor.addExternalDataBuilder().setKey("location").setValue(location);
        assertRefused(
                x().constant(tensor.build())
                        .weights("R", 1, 12, 3)
                        .node("LSTM", "rnn", List.of("x", "W", "R"), List.of("y"))
                        .output("y"),
                "tensor W must have its data in a file beside the model, got \".*\"; was it copied too\\?");
    }

    @Test
    void whatIsNoModelIsRefusedInOneLine() throws IOException {
        Path text = Files.writeString(folder.resolve("text.onnx"), "not a model");
        byte[] whole = Files.readAllBytes(GOLDEN.resolve("onnx-gru/model.onnx"));
        Path half =
                Files.write(folder.resolve("half.onnx"), Arrays.copyOf(whole, whole.length / 2));

        assertThatThrownBy(() -> OnnxReader.read(text))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessage(
                        "an .onnx file must be a ModelProto of ONNX's schema, got in text.onnx 11 bytes that are not: was it copied whole?");
        assertThatThrownBy(() -> OnnxReader.read(half))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageEndingWith("bytes that are not: was it copied whole?");
    }

    @Test
    void aDamagedFileIsRefusedOrReadButNeverFails() throws IOException {
        Random random = new Random(3);
        Path file = folder.resolve("damaged.onnx");
        for (String model : List.of("torch-onnx-lstm2", "torch-dynamo-lstm", "onnx-lstm")) {
            byte[] whole = Files.readAllBytes(GOLDEN.resolve(model).resolve("model.onnx"));
            for (int round = 0; round < 400; round++) {
                byte[] damaged = whole.clone();
                for (int k = 0; k < 1 + random.nextInt(4); k++) {
                    damaged[random.nextInt(damaged.length)] += (byte) (1 + random.nextInt(3));
                }
                Files.write(file, damaged);
                try {
                    OnnxReader.read(file);
                } catch (UnsupportedModelException e) {
                    assertThat(e.getMessage()).doesNotContain("Exception").contains("must");
                }
            }
        }
    }

    private static ModelFixture x() {
        return new ModelFixture().input("x", 0, 0, 4);
    }

    private static ModelFixture plain() {
        return x().lstm();
    }

    private void assertRefused(ModelFixture model, String message) {
        assertThatThrownBy(() -> model.read(folder))
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageMatching(message);
    }
}
