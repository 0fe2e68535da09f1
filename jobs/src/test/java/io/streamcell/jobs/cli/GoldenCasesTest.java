package io.streamcell.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.kernels.KernelProvider;
import io.streamcell.kernels.KernelProviders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What Keras, PyTorch and ONNX Runtime said must come out: through the command line, and of every
 * provider through the operator. Each run spends much of its time waiting for its small cluster to
 * start, so some go on beside each other.
 */
@Execution(ExecutionMode.CONCURRENT)
class GoldenCasesTest {
    private static final Path GOLDEN = Path.of("../models/src/test/golden");

    static Stream<Path> cases() throws IOException {
        try (Stream<Path> folders = Files.list(GOLDEN)) {
            return folders.filter(Files::isDirectory).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void scoresAreTheJudgesAndAllProvidersAgreeToTheByte(Path folder, @TempDir Path work)
            throws Exception {
        JudgedCase judged = JudgedCase.of(folder);
        Map<String, List<String>> reference = judged.score("reference", work);
        judged.check(reference);
        for (KernelProvider provider : KernelProviders.all()) {
            if (provider.unavailable().isEmpty()) {
                assertThat(judged.run(provider.name())).as(provider.name()).isEqualTo(reference);
            }
        }
    }
}
