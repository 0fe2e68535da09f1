package io.streamcell.models.onnx;

import static io.streamcell.models.onnx.ModelFixture.integer;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.models.Carry;
import io.streamcell.models.Network;
import io.streamcell.models.NetworkInput;
import io.streamcell.models.NetworkOutput;
import io.streamcell.models.Recurrent;
import io.streamcell.models.Shape;
import io.streamcell.models.StateLayout.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxStatesTest {
    private static final List<String> FROM_STATES = List.of("x", "W", "R", "B", "", "h0", "c0");

    @TempDir Path folder;

    @Test
    void anInitialStateAndTheFinalOneAreNeitherInputNorOutput() throws IOException {
        Network network =
                new ModelFixture()
                        .input("x", 0, 0, 4)
                        .input("h0", 1, 0, 3)
                        .input("c0", 1, 0, 3)
                        .lstm(FROM_STATES)
                        .output("y", "h", "c")
                        .read(folder);

        assertThat(network.inputs()).extracting(NetworkInput::name).containsExactly("x");
        assertThat(network.outputs()).extracting(NetworkOutput::name).containsExactly("y");
        assertThat(network.namedOutputs()).isFalse();
        assertThat(recurrent(network).returnState()).isFalse();
    }

    @Test
    void statesPassThroughSliceAndConcatInAStack() throws IOException {
        ModelFixture model = new ModelFixture().input("x", 0, 0, 4).input("h0", 2, 0, 3);
        model.weights("W", 1, 9, 4).weights("V", 1, 9, 3).weights("R", 1, 9, 3);
        model.integers("0", 0).integers("1", 1).integers("2", 2);
        model.node("Slice", "s0", List.of("h0", "0", "1", "0"), List.of("below"));
        model.node("Slice", "s1", List.of("h0", "1", "2", "0"), List.of("above"));
        List<String> first = List.of("x", "W", "R", "", "", "below");
        List<String> second = List.of("z", "V", "R", "", "", "above");
        model.node("GRU", "lower", first, List.of("y0", "n0"));
        model.node("Squeeze", "sq", List.of("y0", "1"), List.of("z"));
        model.node("GRU", "upper", second, List.of("y", "n1"));
        model.node("Concat", "c", List.of("n0", "n1"), List.of("hn"), integer("axis", 0));
        Network network = model.output("y", "hn").read(folder);

        assertThat(network.inputs()).hasSize(1);
        assertThat(network.outputs()).hasSize(1);
        assertThat(network.signature(Carry.ALWAYS).layout().parts())
                .extracting(Part::layer)
                .containsExactly("lower", "upper");
    }

    @Test
    void statesThatComeBackInAnotherOrderAreInputsAndOutputs() throws IOException {
        ModelFixture model = new ModelFixture().input("x", 0, 0, 4).input("s0", 2, 0, 3);
        model.integers("0", 0).integers("1", 1).integers("2", 2);
        model.node("Slice", "s0", List.of("s0", "0", "1", "0"), List.of("h0"));
        model.node("Slice", "s1", List.of("s0", "1", "2", "0"), List.of("c0"));
        model.lstm(FROM_STATES);
        model.node("Concat", "c", List.of("c", "h"), List.of("sn"), integer("axis", 0));
        Network network = model.output("y", "sn").read(folder);

        assertThat(network.inputs()).extracting(NetworkInput::name).containsExactly("x", "s0");
        assertThat(network.outputs()).extracting(NetworkOutput::name).containsExactly("y", "sn");
        assertThat(recurrent(network).stateGiven()).isTrue();
    }

    @Test
    void aFinalStateThatNoInputTakesIsAnOutput() throws IOException {
        Network network =
                new ModelFixture().input("x", 0, 0, 4).lstm().output("y", "h").read(folder);

        assertThat(network.outputs())
                .containsExactly(
                        new NetworkOutput("y", Shape.timed(0, 3)),
                        new NetworkOutput("h", Shape.perChunk(3)));
        assertThat(network.namedOutputs()).isTrue();
        assertThat(recurrent(network).returnState()).isTrue();
    }

    @Test
    void aLearnedStateIsTheInitialOne() throws IOException {
        Network network =
                new ModelFixture()
                        .input("x", 0, 0, 4)
                        .weights("learned", 1, 1, 3)
                        .integers("one", 1)
                        .integers("units", 3)
                        .node("Shape", "shape", List.of("x"), List.of("xs"))
                        .node("Gather", "batch", List.of("xs", "one"), List.of("n"))
                        .node(
                                "Concat",
                                "to",
                                List.of("one", "n", "units"),
                                List.of("dims"),
                                integer("axis", 0))
                        .node("Expand", "expand", List.of("learned", "dims"), List.of("h0"))
                        .node("ConstantOfShape", "zeros", List.of("dims"), List.of("c0"))
                        .lstm(FROM_STATES)
                        .output("y")
                        .read(folder);

        assertThat(recurrent(network).initialState().values())
                .containsExactly(-0.1f, -0.09f, -0.08f, 0, 0, 0);
    }

    @Test
    void aStateThatAnotherLayerComputesIsGivenInEveryChunk() throws IOException {
        ModelFixture model = new ModelFixture().input("x", 0, 0, 4).input("d", 0, 0, 4).lstm();
        List<String> reads = List.of("d", "W", "R", "B", "", "h", "c");
        Network network =
                model.node("LSTM", "decoder", reads, List.of("out")).output("out").read(folder);
        Recurrent decoder = (Recurrent) network.nodes().get(1).layer();

        assertThat(decoder.stateGiven()).isTrue();
        assertThat(network.inputs())
                .extracting(input -> input.shape().axis())
                .containsExactly(0, 1);
        assertThat(network.signature(Carry.ALWAYS).layout().parts())
                .extracting(Part::carried)
                .containsExactly(true, false);
    }

    @Test
    void aModelThatIsCalledForEveryTimestepReadsASequence() throws IOException {
        Network network =
                new ModelFixture()
                        .input("row", 0, 4)
                        .input("h0", 1, 0, 3)
                        .input("c0", 1, 0, 3)
                        .integers("time", 0)
                        .node("Unsqueeze", "one", List.of("row", "time"), List.of("x"))
                        .lstm(FROM_STATES)
                        .node("Squeeze", "last", List.of("h", "time"), List.of("out"))
                        .output("out", "h", "c")
                        .read(folder);

        assertThat(network.inputs().get(0).shape()).isEqualTo(Shape.timed(0, 4));
        assertThat(network.outputs()).containsExactly(new NetworkOutput("out", Shape.timed(0, 3)));
        assertThat(recurrent(network).returnSequences()).isTrue();
    }

    @Test
    void aModelOfStatesAloneKeepsThemAsOutputs() throws IOException {
        Network network =
                new ModelFixture()
                        .input("x", 0, 0, 4)
                        .input("h0", 1, 0, 3)
                        .input("c0", 1, 0, 3)
                        .lstm(FROM_STATES)
                        .output("h", "c")
                        .read(folder);

        assertThat(network.inputs()).hasSize(1);
        assertThat(network.outputs()).extracting(NetworkOutput::name).containsExactly("h", "c");
    }

    private static Recurrent recurrent(Network network) {
        return network.nodes().stream()
                .map(node -> node.layer())
                .filter(Recurrent.class::isInstance)
                .map(Recurrent.class::cast)
                .findFirst()
                .orElseThrow();
    }
}
