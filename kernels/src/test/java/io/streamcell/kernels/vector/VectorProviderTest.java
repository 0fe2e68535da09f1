package io.streamcell.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.kernels.KernelProviders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class VectorProviderTest {
    /** Prints what {@code auto} takes and why, in a JVM of its own. */
    static final class PrintChoice {
        private PrintChoice() {}

        public static void main(String[] args) {
            var choice = KernelProviders.choose(KernelProviders.AUTO);
            System.out.println(choice.provider().name() + ": " + choice.reason());
        }
    }

    @Test
    void jvmWithoutTheModuleTakesAnotherProviderAndSaysHowToGetThisOne()
            throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Dstreamcell.native.isa=none",
                                "-cp",
                                System.getProperty("java.class.path"),
                                PrintChoice.class.getName())
                        .start();
        String printed =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(printed.strip())
                .startsWith("reference: the fastest available here; not native: ")
                .endsWith(
                        "; not vector: the JVM must be started with --add-modules jdk.incubator.vector");
    }

    @Test
    void availableWhereTheModuleIs() {
        assertThat(new VectorProvider().unavailable()).isEmpty();
    }
}
