package io.streamcell.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.streamcell.kernels.KernelException;
import io.streamcell.kernels.KernelProvider;
import io.streamcell.kernels.KernelProviders;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

class CudaProviderTest {
    private final CudaProvider provider = new CudaProvider();

    @Test
    void itIsPreferredToAllOthers() {
        assertThat(KernelProviders.all().get(0)).isInstanceOf(CudaProvider.class);
    }

    @Test
    void machineWithoutAGpuIsToldWhyInOneLineAndAutoTakesAnother() {
        assumeThat(provider.unavailable()).isPresent();
        assertThat(provider.unavailable().orElseThrow()).isNotBlank().doesNotContain("\n");
        assertThatThrownBy(() -> KernelProviders.choose("cuda"))
                .isInstanceOf(KernelException.class)
                .hasMessage(
                        "kernel.provider must be available, got cuda: "
                                + provider.unavailable().orElseThrow());
        KernelProviders.Choice choice = KernelProviders.choose("auto");
        assertThat(choice.provider()).isNotInstanceOf(CudaProvider.class);
        assertThat(choice.reason()).contains("not cuda: " + provider.unavailable().orElseThrow());
    }

    @Test
    void itHasThreePrecisions() {
        KernelProvider cuda = provider;
        assertThat(cuda.precisions()).containsExactly("exact", "tf32", "bf16");
    }

    /** A TaskManager's other native memory, such as RocksDB's, must not stop the kernels. */
    @Test
    void javaCppDoesNotLimitTheMemoryOfTheWholeProcess() {
        assertThat(provider.unavailable()).isNotNull();
        assertThat(Pointer.maxPhysicalBytes()).isZero();
    }
}
