package io.streamcell.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamcell.models.Network;
import io.streamcell.models.StateLayout;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KernelProvidersTest {
    private final KernelProvider slow = new Fake("slow", 1, null);
    private final KernelProvider missing = new Fake("fast", 9, "there is no fast processor");

    @Test
    void autoTakesTheFastestThatIsAvailableAndSaysWhyNotAFasterOne() {
        KernelProviders.Choice choice = KernelProviders.choose("auto", List.of(missing, slow));

        assertThat(choice.provider()).isSameAs(slow);
        assertThat(choice.reason())
                .isEqualTo("the fastest available here; not fast: there is no fast processor");
    }

    @Test
    void aNamedProviderThatIsNotAvailableIsRefusedAndNeverReplaced() {
        assertThatThrownBy(() -> KernelProviders.choose("fast", List.of(missing, slow)))
                .isInstanceOf(KernelException.class)
                .hasMessage(
                        "kernel.provider must be available, got fast: there is no fast processor");
    }

    @Test
    void anUnknownProviderIsRefusedWithThoseThereAre() {
        assertThatThrownBy(() -> KernelProviders.choose("gpu", List.of(missing, slow)))
                .hasMessage("kernel.provider must be one of auto, fast, slow, got gpu");
    }

    @Test
    void theClassPathHasTheVectorKernelsBeforeTheReference() {
        assertThat(KernelProviders.all())
                .extracting(KernelProvider::name)
                .containsExactly("vector", "reference");
    }

    private record Fake(String name, int preference, String reason) implements KernelProvider {
        @Override
        public Optional<String> unavailable() {
            return Optional.ofNullable(reason);
        }

        @Override
        public NetworkKernel compile(Network network, StateLayout layout, KernelOptions options) {
            throw new AssertionError("nobody compiles here");
        }
    }
}
