package io.streamcell.benchmarks.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class KernelsCommandTest {
    @TempDir Path folder;

    @Test
    void aShortRunWritesMeasurementsAndAChart() throws Exception {
        Path json = folder.resolve("kernels.jsonl");
        Path chart = folder.resolve("kernels.html");
        int status =
                new CommandLine(new KernelsCommand())
                        .execute(
                                "--rounds=1",
                                "--slice=1",
                                "--warm-up=0",
                                "--only=lstm features=8 * rows=1 timesteps=1",
                                "--subjects=streamcell-vector,onnxruntime",
                                "--json=" + json,
                                "--chart=" + chart);
        assertThat(status).isZero();
        assertThat(Files.readAllLines(json))
                .hasSize(3)
                .first()
                .asString()
                .startsWith(
                        "{\"case\":\"lstm features=8 units=32 rows=1 timesteps=1\",\"subject\":\"streamcell-vector\",\"rate\":");
        assertThat(chart).content().contains("<svg", "ours/best peer");
    }

    @Test
    void aWrongCallIsRefused() {
        CommandLine line = new CommandLine(new KernelsCommand());
        StringBuilder said = new StringBuilder();
        line.setParameterExceptionHandler(
                (e, arguments) -> {
                    said.append(e.getMessage()).append('\n');
                    return 2;
                });
        assertThat(line.execute("--only=gru features=9*")).isEqualTo(2);
        assertThat(line.execute("--rounds=0")).isEqualTo(2);
        assertThat(line.execute("--isa=sse")).isEqualTo(2);
        assertThat(said.toString())
                .isEqualTo(
                        """
                        --only must name a case such as 'lstm features=8 units=32 rows=1 timesteps=1', got gru features=9*
                        --rounds and --slice must be at least 1, --warm-up at least 0, got 0, 60, 500
                        --isa must be avx2, got sse
                        """);
        assertThat(line.execute("--subjects=onnx")).isEqualTo(2);
        assertThat(said.toString()).endsWith("nd4j-lstmLayer, got onnx\n");
    }
}
