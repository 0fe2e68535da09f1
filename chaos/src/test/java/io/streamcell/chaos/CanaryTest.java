package io.streamcell.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The search is not blind. */
class CanaryTest {
    private static final Canary CANARY = new Canary("canary");

    @Test
    void itIsFoundInFilesOfAnyKind(@TempDir Path folder) throws IOException {
        Path deep = Files.createDirectories(folder.resolve("a/b")).resolve("c");
        Files.write(deep, new byte[] {-1, 0, 'c', 'a', 'n', 'a', 'r', 'y', -2});
        Files.writeString(folder.resolve("log"), "password=[hidden]");

        assertThat(CANARY.in(folder)).containsExactly("a/b/c");
    }

    @Test
    void itIsFoundInPagesAndRecords() {
        assertThat(CANARY.in(Map.of("/config", "{\"a\":\"canary\"}", "/jobs", "[]")))
                .containsExactly("/config");
        assertThat(CANARY.in(List.of("a canary".getBytes(StandardCharsets.UTF_8)))).isTrue();
        assertThat(CANARY.in(List.of("a parrot".getBytes(StandardCharsets.UTF_8)))).isFalse();
    }
}
