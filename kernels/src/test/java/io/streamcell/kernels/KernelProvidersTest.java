package io.streamcell.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamcell.models.Network;
import io.streamcell.models.StateLayout;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KernelProvidersTest {
    private record Fake(String name, int preference, Optional<String> unavailable)
            implements KernelProvider {
        @Override
        public NetworkKernel compile(Network network, StateLayout layout, KernelOptions options) {
            throw new KernelException("a fake compiles nothing");
        }
    }

    private static final Fake SLOW = new Fake("slow", 10, Optional.empty());
    private static final Fake QUICK = new Fake("quick", 30, Optional.empty());
    private static final Fake FAST = new Fake("fast", 20, Optional.of("the moon must be full"));

    private static KernelProviders.Choice choose(String name, KernelProvider... providers) {
        return KernelProviders.choose(name, List.of(providers), provider -> Optional.empty());
    }

    @Test
    void autoPassesOverAProviderThatDoesNotComputeTheNetwork() {
        var choice =
                KernelProviders.choose(
                        "auto",
                        List.of(QUICK, SLOW),
                        provider -> provider == QUICK ? Optional.of("too odd") : Optional.empty());
        assertThat(choice.provider()).isSameAs(SLOW);
        assertThat(choice.reason()).isEqualTo("the fastest available here; not quick: too odd");
    }

    @Test
    void precisionThatTheProviderDoesNotHaveIsRefused() {
        RandomNetworks networks = new RandomNetworks(1);
        Network network = networks.single(networks.lstm(2, 3));
        KernelOptions options = new KernelOptions("tf32", 1);
        assertThatThrownBy(() -> KernelProviders.check("reference", network, options))
                .isInstanceOf(KernelException.class)
                .hasMessage(
                        "kernel.precision must be one of exact with kernel.provider reference, got tf32");
        assertThatThrownBy(() -> KernelProviders.choose("reference", network, options))
                .isInstanceOf(KernelException.class)
                .hasMessageStartingWith("kernel.precision must be one of exact");
    }

    @Test
    void allProvidersAreFoundTheFastestFirst() {
        assertThat(KernelProviders.all())
                .extracting(KernelProvider::name)
                .containsExactly("native", "vector", "reference");
    }

    @Test
    void autoTakesTheFastestAvailableAndSaysWhyNotAFasterOne() {
        var choice = choose("auto", FAST, SLOW);
        assertThat(choice.provider()).isSameAs(SLOW);
        assertThat(choice.reason())
                .isEqualTo("the fastest available here; not fast: the moon must be full");
        assertThat(KernelProviders.choose("auto").provider())
                .hasSameClassAs(
                        KernelProviders.all().stream()
                                .filter(provider -> provider.unavailable().isEmpty())
                                .findFirst()
                                .orElseThrow());
    }

    @Test
    void namedProviderIsTaken() {
        var choice = choose("slow", FAST, SLOW);
        assertThat(choice.provider()).isSameAs(SLOW);
        assertThat(choice.reason()).isEqualTo("as configured");
    }

    @Test
    void namedProviderThatIsNotAvailableIsRefused() {
        assertThatThrownBy(() -> choose("fast", FAST, SLOW))
                .isInstanceOf(KernelException.class)
                .hasMessage("kernel.provider must be available, got fast: the moon must be full");
    }

    @Test
    void unknownProviderIsRefused() {
        assertThatThrownBy(() -> choose("quick", FAST, SLOW))
                .isInstanceOf(KernelException.class)
                .hasMessage("kernel.provider must be one of auto, fast, slow, got quick");
    }

    @Test
    void noAvailableProviderIsRefused() {
        assertThatThrownBy(() -> choose("auto", FAST))
                .isInstanceOf(KernelException.class)
                .hasMessage(
                        "a kernel provider must be available, got none; not fast: the moon must be full");
    }
}
