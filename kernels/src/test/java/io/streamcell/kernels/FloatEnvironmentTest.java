package io.streamcell.kernels;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FloatEnvironmentTest {
    @Test
    void aThreadAsJavaLeavesItPasses() {
        assertThatCode(FloatEnvironment::check).doesNotThrowAnyException();
    }

    @Test
    void aThreadThatFlushesSubnormalsIsRefused() {
        assertThatThrownBy(() -> FloatEnvironment.check(0, Float.MIN_NORMAL))
                .isInstanceOf(KernelException.class)
                .hasMessage(
                        "float32 must hold subnormal numbers, got them flushed to zero: did a native library set the processor's mode?");
    }
}
