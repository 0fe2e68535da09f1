package io.streamcell.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamcell.models.Activation;
import io.streamcell.models.Cell;
import io.streamcell.models.Gru;
import io.streamcell.models.Lstm;
import io.streamcell.models.SimpleRnn;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** NVIDIA's compiler, which needs no GPU, takes every kernel for every kind of device. */
@Tag("nvrtc")
class NvrtcTest {
    /** Kernels of every layer, for a device of a compute capability. */
    private static String source(int capability, Precision precision) {
        Device.Properties device =
                new Device.Properties(
                        "a GPU",
                        capability,
                        2,
                        capability == 75 ? 64 << 10 : 99 << 10,
                        capability == 75 ? 64 << 10 : 100 << 10);
        Source source = new Source(precision, device);
        for (Cell cell : KerasCells.of(7, 33)) {
            if (cell instanceof Lstm lstm) {
                source.lstm(lstm);
            } else if (cell instanceof Gru gru) {
                source.gru(gru);
            } else {
                source.simpleRnn((SimpleRnn) cell);
            }
        }
        source.dense(33, 20, Activation.LINEAR);
        source.narrowDense(33, 1, Activation.SIGMOID);
        for (Activation activation : Activation.values()) {
            if (!activation.rowwise()) {
                source.activation(activation);
            }
        }
        return source.text();
    }

    @ParameterizedTest
    @ValueSource(ints = {75, 80, 86, 89, 90, 100, 120})
    void everyKernelCompilesForEveryKindOfDevice(int capability) {
        for (Precision precision : Precision.values()) {
            if (capability >= precision.leastCapability()) {
                byte[] code =
                        Nvrtc.compile(
                                source(capability, precision), capability, Nvrtc.Target.CUBIN);
                assertThat(code).startsWith(0x7f, 'E', 'L', 'F');
            }
        }
    }

    /** An addition or multiplication that says how it rounds is never made part of an fma. */
    @Test
    void nothingIsContractedThatIsNotWrittenSo() {
        String planted =
                "extern \"C\" __global__ void planted(float *x) { x[0] = x[1] * x[2] + x[3]; }\n";
        String source = source(90, Precision.EXACT) + planted;
        String ptx =
                new String(
                        Nvrtc.compile(source, 90, Nvrtc.Target.PTX), StandardCharsets.ISO_8859_1);
        Matcher operations =
                Pattern.compile("\\b(add|sub|mul|mad|fma|div|sqrt)([.\\w]*)\\.f32\\b").matcher(ptx);
        int count = 0;
        while (operations.find()) {
            assertThat(operations.group()).contains(".rn.").doesNotContain("ftz");
            count++;
        }
        assertThat(count).isGreaterThan(1000);
        String kernel = ptx.substring(ptx.indexOf("planted("));
        kernel = kernel.substring(0, kernel.indexOf("ret;"));
        assertThat(kernel).contains("mul.rn.f32", "add.rn.f32").doesNotContain("fma");
        assertThat(List.of(ptx.split("\n"))).noneMatch(line -> line.contains(".f64"));
    }

    @Test
    void sourceThatDoesNotCompileIsToldWithTheCompilersLog() {
        assertThatThrownBy(() -> Nvrtc.compile("nonsense", 90, Nvrtc.Target.CUBIN))
                .isInstanceOf(CudaException.class)
                .hasMessageContaining("network.cu(1): error")
                .hasMessageContaining("compute capability 9.0");
    }
}
