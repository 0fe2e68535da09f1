package io.streamcell.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What {@code inspect} tells of a model. */
class InspectTest {
    private static String inspect(String model) {
        PrintStream before = System.out;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            assertThat(Main.run("inspect", "../models/src/test/golden/" + model)).isZero();
        } finally {
            System.setOut(before);
        }
        return said.toString(StandardCharsets.UTF_8);
    }

    @Test
    void layersAreShownWithWhatTheyReadAndTheStateThatTheyShare() {
        assertThat(inspect("bidirectional-carry/model.keras"))
                .containsPattern("both/forward \\(LSTM\\) +input_layer_28 +.*160 +4 \\+ 4 of both")
                .containsPattern("both \\(Concatenate\\) +both/forward, both/reverse")
                .contains("State            64 bytes a stream (model.carry=always), 0 (as-saved)");
    }

    @Test
    void layersThatDependOnTheChunkingAreNamed() {
        assertThat(inspect("bidirectional-carry/model.keras"))
                .contains("depend on where chunks begin and end: both/backward, both/reverse\n");
        assertThat(inspect("lstm-sequences/model.keras"))
                .contains("outputs and states do not depend on where chunks end\n");
    }

    @Test
    void theReasonForASlowerPathIsGiven() {
        assertThat(inspect("lstm-no-bias-relu/model.keras"))
                .contains("gate by gate: activations are relu and hard_sigmoid");
        assertThat(inspect("variant-mut1/model.keras"))
                .contains("operation by operation: streamcell>MutCell is no LSTM or GRU of Keras");
        assertThat(inspect("masking-layer/model.keras"))
                .contains("timesteps that count are gathered first: masked")
                .contains("for every provider alike: it makes a mask");
        assertThat(inspect("lstm-sequences/model.keras")).contains(", fused");
    }

    @Test
    void aMixedPolicyIsToldToBeComputedInFloat32() {
        assertThat(inspect("types-mixed-float16/model.keras"))
                .contains("Note             saved as mixed_float16, computed in float32");
    }
}
