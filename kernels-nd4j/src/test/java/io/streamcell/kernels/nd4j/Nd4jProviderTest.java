package io.streamcell.kernels.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamcell.kernels.KernelException;
import io.streamcell.kernels.KernelOptions;
import io.streamcell.kernels.KernelProvider;
import io.streamcell.kernels.KernelProviders;
import io.streamcell.models.Carry;
import io.streamcell.models.Merge;
import io.streamcell.models.Network;
import io.streamcell.models.NetworkBuilder;
import io.streamcell.models.StateLayout;
import java.util.List;
import org.junit.jupiter.api.Test;

class Nd4jProviderTest {
    @Test
    void isFoundLastSoThatAutoNeverTakesIt() {
        assertThat(KernelProviders.all())
                .extracting(KernelProvider::name)
                .containsExactly("native", "vector", "reference", "nd4j");
        assertThat(KernelProviders.choose("auto").provider().name()).isNotEqualTo("nd4j");
    }

    @Test
    void isTakenByName() {
        Nd4jHere.assume();
        assertThat(KernelProviders.choose("nd4j").provider()).isInstanceOf(Nd4jProvider.class);
    }

    @Test
    void layerThatItDoesNotComputeIsRefusedByName() {
        Nd4jHere.assume();
        NetworkBuilder builder = new NetworkBuilder("difference");
        int x = builder.timedInput("x", List.of(2));
        Merge difference = new Merge("minus", Merge.Operation.SUBTRACT);
        Network network =
                builder.build(List.of("y"), builder.add(difference, List.of(x, x)), false);
        StateLayout layout = StateLayout.of(network, Carry.ALWAYS);
        assertThatThrownBy(() -> new Nd4jProvider().compile(network, layout, KernelOptions.exact()))
                .isInstanceOf(KernelException.class)
                .hasMessage(
                        "layer minus: provider nd4j must be given cells, dense layers, embeddings, normalizations, activations, sums and concatenations, got Subtract");
    }
}
