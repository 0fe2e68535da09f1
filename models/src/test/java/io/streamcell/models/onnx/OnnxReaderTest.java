package io.streamcell.models.onnx;

import static io.streamcell.models.onnx.ModelFixture.attribute;
import static io.streamcell.models.onnx.ModelFixture.integer;
import static io.streamcell.models.onnx.ModelFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.models.Activate;
import io.streamcell.models.Activation;
import io.streamcell.models.Carry;
import io.streamcell.models.Cell;
import io.streamcell.models.ComposedCell;
import io.streamcell.models.Dense;
import io.streamcell.models.Embedding;
import io.streamcell.models.Gru;
import io.streamcell.models.Layer;
import io.streamcell.models.LayerNormalization;
import io.streamcell.models.Lstm;
import io.streamcell.models.Network;
import io.streamcell.models.NetworkInput;
import io.streamcell.models.NetworkOutput;
import io.streamcell.models.Recurrent;
import io.streamcell.models.Shape;
import io.streamcell.models.SimpleRnn;
import io.streamcell.models.TimeLayer;
import io.streamcell.models.onnx.schema.Onnx.AttributeProto;
import io.streamcell.models.onnx.schema.Onnx.TensorProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnnxReaderTest {
    private static final Path GOLDEN = Path.of("src/test/golden");

    @TempDir Path folder;

    @ParameterizedTest
    @CsvSource({
        "onnx-gru, 4, 3, cell, 7",
        "onnx-gru-layout1, 4, 3, cell, 5",
        "onnx-gru-linear-before-reset, 4, 3, cell, 7",
        "onnx-lstm, 4, 3, cell, 6 6",
        "onnx-lstm-activations, 4, 3, cell, 5 5",
        "onnx-lstm-bidirectional, 4, 3, cell, 4 4 4 4",
        "onnx-lstm-coupled-clip, 4, 3, cell, 5 5",
        "onnx-lstm-opset22, 4, 3, cell, 6 6",
        "onnx-lstm-peepholes, 4, 3, cell, 5 5",
        "onnx-lstm-plain, 4, 3, cell, 6 6",
        "onnx-lstm-reverse, 4, 3, cell, 5 5",
        "onnx-rnn-relu, 4, 3, cell, 8",
        "torch-dynamo-lstm, 5, 2, node_lstm__2, 6 6",
        "torch-onnx-gru, 5, 2, /rnn/GRU, 7",
        "torch-onnx-lstm2, 5, 3, /rnn/LSTM, 8 8",
    })
    void aJudgedModelHasItsInputOutputAndState(
            String model, int features, int outputs, String state, String sizes)
            throws IOException {
        Network network = golden(model);

        assertThat(network.inputs())
                .containsExactly(new NetworkInput("x", Shape.timed(0, features), 0));
        assertThat(network.outputs())
                .containsExactly(new NetworkOutput("y", Shape.timed(0, outputs)));
        assertThat(network.namedOutputs()).isFalse();
        assertThat(network.signature(Carry.ALWAYS).layout().part(state).orElseThrow().sizes())
                .isEqualTo(Arrays.stream(sizes.split(" ")).map(Integer::valueOf).toList());
    }

    @Test
    void theLastTimestepOfAChunkIsOneRow() throws IOException {
        Network network = golden("torch-onnx-last-timestep");

        assertThat(network.outputs()).containsExactly(new NetworkOutput("y", Shape.perChunk(2)));
        assertThat(layer(network, 1)).isEqualTo(new TimeLayer.Timestep("/Gather", -1));
    }

    @Test
    void cellsThatKerasHasAreReadAsThoseAndOthersArePutTogether() throws IOException {
        assertThat(cell("onnx-lstm")).isInstanceOf(Lstm.class);
        assertThat(((Gru) cell("onnx-gru")).resetAfter()).isFalse();
        assertThat(((Gru) cell("onnx-gru-linear-before-reset")).resetAfter()).isTrue();
        assertThat(cell("onnx-rnn-relu")).isInstanceOf(SimpleRnn.class);
        assertThat(cell("onnx-lstm-peepholes")).isInstanceOf(ComposedCell.class);
        assertThat(cell("onnx-lstm-coupled-clip")).isInstanceOf(ComposedCell.class);
        assertThat(cell("onnx-lstm-activations")).isInstanceOf(ComposedCell.class);
    }

    @Test
    void lstmGatesAreTransposedAndPutInTheOrderIFCO() throws IOException {
        Network network = new ModelFixture().input("x", 0, 0, 4).lstm().output("y").read(folder);
        Lstm cell = (Lstm) ((Recurrent) layer(network, 0)).cells().get(0);

        // Gate f is the third of ONNX: its first unit's weight of feature 1 is value 6*4 + 1.
        assertThat(cell.inputWeights().values()[12 + 3]).isEqualTo(0.01f * 25 - 0.1f);
        // Gate o is the second: bias values 3 and 12 + 3.
        assertThat(cell.bias().values()[9]).isEqualTo((0.01f * 3 - 0.1f) + (0.01f * 15 - 0.1f));
    }

    @Test
    void bothDirectionsAreOnePartOfTheStateAndStandInOrderOfTime() throws IOException {
        List<Layer> layers = layers(golden("onnx-lstm-bidirectional"));
        Recurrent forward = (Recurrent) layers.get(0);
        Recurrent backward = (Recurrent) layers.get(1);

        assertThat(List.of(forward.name(), backward.name()))
                .containsExactly("cell/forward", "cell/backward");
        assertThat(List.of(forward.part(), backward.part())).containsExactly("cell", "cell");
        assertThat(backward.mode().backwards()).isTrue();
        assertThat(layers.get(2)).isEqualTo(new TimeLayer.Reverse("cell/backward"));
    }

    @Test
    void aBatchFirstInputIsFoundThroughItsTranspose() throws IOException {
        Network network =
                new ModelFixture()
                        .input("data", 0, 0, 4)
                        .node(
                                "Transpose",
                                "t",
                                List.of("data"),
                                List.of("x"),
                                attribute("perm", 1, 0, 2))
                        .lstm()
                        .output("y")
                        .read(folder);

        assertThat(network.inputs().get(0).shape()).isEqualTo(Shape.timed(0, 4));
        assertThat(network.nodes()).hasSize(1);
    }

    @Test
    void fixedBatchAndTimeAxesAreReadAsAnyLength() throws IOException {
        Network network =
                new ModelFixture()
                        .input("x", 5, 2, 4)
                        .lstm()
                        .integers("flat", 10, 3)
                        .integers("back", 5, 2, 2)
                        .weights("w", 3, 2)
                        .node("Reshape", "r1", List.of("y", "flat"), List.of("rows"))
                        .node("MatMul", "m", List.of("rows", "w"), List.of("product"))
                        .node("Reshape", "r2", List.of("product", "back"), List.of("out"))
                        .output("out")
                        .read(folder);

        assertThat(network.outputs().get(0).shape()).isEqualTo(Shape.timed(0, 2));
        assertThat(layers(network)).hasSize(2);
    }

    @Test
    void aConstantAddedToAProductIsItsBias() throws IOException {
        Network network =
                new ModelFixture()
                        .input("x", 0, 0, 4)
                        .lstm()
                        .weights("w", 3, 2)
                        .weights("b", 2)
                        .node("MatMul", "head", List.of("y", "w"), List.of("product"))
                        .node("Add", "add", List.of("b", "product"), List.of("out"))
                        .output("out")
                        .read(folder);

        assertThat(((Dense) layer(network, 1)).bias().values())
                .containsExactly(-0.1f, 0.01f - 0.1f);
        assertThat(network.nodes()).hasSize(2);
    }

    @Test
    void anInputOfTheHeadAloneIsOneRowAChunk() throws IOException {
        Network network =
                new ModelFixture()
                        .input("x", 0, 0, 4)
                        .input("site", 0, 2)
                        .lstm()
                        .integers("axis", 0)
                        .node("Squeeze", "s", List.of("h", "axis"), List.of("last"))
                        .node(
                                "Concat",
                                "c",
                                List.of("last", "site"),
                                List.of("out"),
                                integer("axis", 1))
                        .output("out")
                        .read(folder);

        assertThat(network.inputs().get(1).shape()).isEqualTo(Shape.perChunk(2));
        assertThat(network.outputs().get(0).shape()).isEqualTo(Shape.perChunk(5));
    }

    @Test
    void aTableReadByIdsIsAnEmbedding() throws IOException {
        Network network =
                new ModelFixture()
                        .input("ids", 0, 0)
                        .weights("table", 11, 4)
                        .node("Gather", "embed", List.of("table", "ids"), List.of("x"))
                        .lstm(text("direction", "reverse"))
                        .output("y")
                        .read(folder);

        assertThat(layer(network, 0)).isInstanceOf(Embedding.class);
        assertThat(network.inputs())
                .containsExactly(new NetworkInput("ids", new Shape(0, List.of()), 11));
    }

    @Test
    void weightsMayStandInAFileBesideTheModel() throws IOException {
        ByteBuffer data = ByteBuffer.allocate(8 + 48 * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (int k = 0; k < 48; k++) {
            data.putFloat(8 + 4 * k, k);
        }
        Files.write(folder.resolve("weights.bin"), data.array());
        TensorProto.Builder tensor = TensorProto.newBuilder().setName("W").setDataType(1);
        tensor.addDims(1).addDims(12).addDims(4);
        tensor.setDataLocation(TensorProto.DataLocation.EXTERNAL);
        tensor.addExternalDataBuilder().setKey("location").setValue("weights.bin");
        tensor.addExternalDataBuilder().setKey("offset").setValue("8");
        Network network =
                new ModelFixture()
                        .input("x", 0, 0, 4)
                        .constant(tensor.build())
                        .weights("R", 1, 12, 3)
                        .node("LSTM", "rnn", List.of("x", "W", "R"), List.of("y"))
                        .output("y")
                        .read(folder);
        Lstm cell = (Lstm) ((Recurrent) layer(network, 0)).cells().get(0);

        assertThat(Arrays.copyOf(cell.inputWeights().values(), 3)).containsExactly(0, 4, 8);
    }

    @Test
    void aBranchIsTakenWhereItIsKnownWhich() throws IOException {
        Network network =
                new ModelFixture()
                        .input("x", 0, 0, 4)
                        .lstm()
                        .integers("one", 1)
                        .node("Shape", "shape", List.of("y"), List.of("dims"))
                        .node("Gather", "directions", List.of("dims", "one"), List.of("d"))
                        .node("Equal", "single", List.of("d", "one"), List.of("condition"))
                        .node(
                                "If",
                                "if",
                                List.of("condition"),
                                List.of("out"),
                                branch("then_branch", "Relu"),
                                branch("else_branch", "Sigmoid"))
                        .output("out")
                        .read(folder);

        assertThat(layer(network, 1)).isEqualTo(new Activate("z", Activation.RELU));
    }

    private static AttributeProto branch(String name, String type) {
        AttributeProto.Builder attribute =
                AttributeProto.newBuilder()
                        .setName(name)
                        .setType(AttributeProto.AttributeType.GRAPH);
        attribute.getGBuilder().addNodeBuilder().setOpType(type).addInput("y").addOutput("z");
        attribute.getGBuilder().addOutputBuilder().setName("z");
        return attribute.build();
    }

    @Test
    void layerNormalizationIsFoundInItsParts() throws IOException {
        ModelFixture model =
                new ModelFixture()
                        .opset(11)
                        .input("x", 0, 0, 4)
                        .lstm()
                        .weights("two")
                        .weights("eps")
                        .weights("g", 3);
        model.node("ReduceMean", "m", List.of("y"), List.of("mean"), attribute("axes", -1));
        model.node("Sub", "s", List.of("y", "mean"), List.of("d"));
        model.node("Mul", "p", List.of("d", "d"), List.of("square"));
        model.node("ReduceMean", "v", List.of("square"), List.of("var"), attribute("axes", -1));
        model.node("Add", "a", List.of("var", "eps"), List.of("sum"));
        model.node("Sqrt", "q", List.of("sum"), List.of("root"));
        model.node("Div", "norm", List.of("d", "root"), List.of("n"));
        Network network =
                model.node("Mul", "scale", List.of("n", "g"), List.of("out"))
                        .output("out")
                        .read(folder);

        assertThat(layer(network, 1)).isInstanceOf(LayerNormalization.class);
        assertThat(layer(network, 1).name()).isEqualTo("norm");
        assertThat(network.nodes()).hasSize(3);
    }

    private static Network golden(String name) throws IOException {
        return OnnxReader.read(GOLDEN.resolve(name).resolve("model.onnx"));
    }

    private static Cell cell(String name) throws IOException {
        return ((Recurrent) layer(golden(name), 0)).cells().get(0);
    }

    private static Layer layer(Network network, int k) {
        return network.nodes().get(k).layer();
    }

    private static List<Layer> layers(Network network) {
        return network.nodes().stream().map(node -> node.layer()).toList();
    }
}
