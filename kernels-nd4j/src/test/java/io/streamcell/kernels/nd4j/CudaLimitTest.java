package io.streamcell.kernels.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CudaLimitTest {
    @Test
    void gpuThatTheBackendHasCodeForIsServed() {
        assertThat(CudaLimit.reason("NVIDIA A100-SXM4-80GB, 8.0\n")).isEmpty();
        assertThat(CudaLimit.reason("NVIDIA L40S, 8.9\nNVIDIA H200, 9.0\n")).isEmpty();
    }

    @Test
    void newerGpuIsRefusedWithTheLimit() {
        assertThat(CudaLimit.reason("NVIDIA H200, 9.0\n"))
                .hasValue(
                        "ND4J's CUDA backend holds code for compute capability 3.7 to 8.6, which serves GPUs up to 8.9 (Ada), got NVIDIA H200 (9.0); kernel.provider cuda runs there, and kernels-nd4j built without -Dnd4j.cuda on the CPU");
        assertThat(CudaLimit.reason("NVIDIA RTX PRO 6000, 12.0\n")).isPresent();
    }

    @Test
    void machineWithoutAGpuIsToldWhatWasFound() {
        assertThat(CudaLimit.reason("No devices were found\n"))
                .hasValue(
                        "ND4J's CUDA backend needs an NVIDIA GPU and driver, got No devices were found");
        assertThat(CudaLimit.reason(""))
                .hasValueSatisfying(text -> assertThat(text).endsWith("none"));
    }

    @Test
    void cpuBackendHasNoLimit() {
        assertThat(CudaLimit.reason()).isEmpty();
    }
}
