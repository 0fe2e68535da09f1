package io.streamcell.kernels.jni;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.kernels.KernelProviders;
import io.streamcell.kernels.RandomNetworks;
import io.streamcell.kernels.Streams;
import io.streamcell.models.Activation;
import io.streamcell.models.Network;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Where the native kernels run and where they do not, each in a JVM of its own. */
class NativeProviderTest {
    /** Prints what {@code auto} takes and why. */
    static final class PrintChoice {
        private PrintChoice() {}

        public static void main(String[] args) {
            var choice = KernelProviders.choose(KernelProviders.AUTO);
            System.out.println(choice.provider().name() + ": " + choice.reason());
        }
    }

    /** Advances random networks, whose every read and write the sanitizers look at. */
    static final class AdvanceNetworks {
        private AdvanceNetworks() {}

        public static void main(String[] args) {
            for (long seed = 0; seed < 60; seed++) {
                advance(new RandomNetworks(seed).any(), seed, 9, 12);
                RandomNetworks networks = new RandomNetworks(seed);
                advance(networks.single(networks.lstm(3, 33)), seed, 110, 3);
                advance(networks.single(networks.gru(5, 17, seed % 2 == 0)), seed, 2, 30);
            }
            System.out.println("advanced " + Activation.values().length);
        }

        private static void advance(Network network, long seed, int rows, int longest) {
            Random random = new Random(seed);
            try (Streams streams = new Streams(new NativeProvider(), network, rows)) {
                for (int call = 0; call < 3; call++) {
                    List<Streams.Row> batch = new ArrayList<>();
                    for (int slot = 0; slot < rows - call; slot++) {
                        batch.add(streams.row(random, slot, longest, 2));
                    }
                    streams.advance(batch);
                }
            }
        }
    }

    private record Ended(int status, String output) {}

    private static Ended run(Class<?> main, Map<String, String> environment, String... options)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--add-modules", "jdk.incubator.vector"));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), output);
    }

    @Test
    void processorWithoutTheInstructionSetTakesAnotherProviderAndSaysWhy() throws Exception {
        NativeHere.assume();
        assertThat(run(PrintChoice.class, Map.of(), "-Dstreamcell.native.isa=avx1024").output())
                .contains(
                        "vector: the fastest available here; not native: streamcell.native.isa must be an instruction set that this processor has (up to ")
                .contains("), got avx1024");
    }

    @Test
    void otherMachineTakesAnotherProviderAndSaysWhy() throws Exception {
        assertThat(run(PrintChoice.class, Map.of(), "-Dos.arch=riscv64").output())
                .contains(
                        "vector: the fastest available here; not native: native kernels are made for Linux amd64, and this is Linux riscv64");
    }

    @Test
    void libraryThatDoesNotLoadGivesWayAndSaysWhy() throws Exception {
        assertThat(run(PrintChoice.class, Map.of(), "-Dstreamcell.native.library=/no.so").output())
                .contains(
                        "not native: the native library must load, got Can't load library: /no.so");
    }

    @Test
    void addressAndUndefinedBehaviourSanitizersFindNothing() throws Exception {
        Path library = Path.of("target", "sanitized", "libstreamcell.so").toAbsolutePath();
        Assumptions.assumeTrue(Files.exists(library), "no sanitized library was built");
        String runtime = Files.readString(library.resolveSibling("runtime.txt")).strip();
        Assumptions.assumeTrue(Files.exists(Path.of(runtime)), "no sanitizer runtime was found");
        for (InstructionSet set : InstructionSet.values()) {
            if (set.compareTo(NativeLibrary.instructionSet()) > 0) {
                continue;
            }
            Ended ended =
                    run(
                            AdvanceNetworks.class,
                            Map.of(
                                    "LD_PRELOAD",
                                    runtime,
                                    "ASAN_OPTIONS",
                                    "detect_leaks=0:handle_segv=0:allow_user_segv_handler=1",
                                    "UBSAN_OPTIONS",
                                    "print_stacktrace=1"),
                            "-Dstreamcell.native.library=" + library,
                            "-Dstreamcell.native.isa=" + set.option());
            assertThat(ended.output()).doesNotContain("ERROR").doesNotContain("runtime error");
            assertThat(ended.output()).contains("advanced " + Activation.values().length);
            assertThat(ended.status()).isZero();
        }
    }
}
