package io.streamcell.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random models of Keras, PyTorch and ONNX, made and judged by these libraries in Python. Part of
 * the profile {@code round-trip} alone.
 */
@Tag("round-trip")
@Execution(ExecutionMode.CONCURRENT)
class RoundTripTest {
    private static final String PYTHON = System.getProperty("streamcell.python", "python3");
    private static final String COUNT = System.getProperty("streamcell.models", "200");
    private static final String SEED = System.getProperty("streamcell.seed", "0");

    @TempDir static Path models;

    static Stream<Path> cases() throws IOException, InterruptedException {
        Process making =
                new ProcessBuilder(
                                List.of(
                                        PYTHON,
                                        "src/test/python/random_models.py",
                                        models.toString(),
                                        COUNT,
                                        SEED))
                        .inheritIO()
                        .start();
        assertThat(making.waitFor())
                .as("%s must have keras, jax, torch, onnx, onnxruntime, ...", PYTHON)
                .isZero();
        try (Stream<Path> folders = Files.list(models)) {
            List<Path> made =
                    folders.filter(folder -> Files.exists(folder.resolve("case.json")))
                            .sorted()
                            .toList();
            assertThat(made).hasSizeGreaterThanOrEqualTo(Integer.parseInt(COUNT));
            return made.stream();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void scoresAreThoseOfTheLibrary(Path folder, @TempDir Path work) throws IOException {
        JudgedCase judged = JudgedCase.of(folder);
        judged.check(judged.score("auto", work));
    }
}
