package io.streamcell.jobs.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Files that are generated and kept: a test compares, and writes them with {@code
 * -Dstreamcell.write=true}.
 */
public final class GeneratedFiles {
    private GeneratedFiles() {}

    public static void check(Path file, String content) throws IOException {
        if (Boolean.getBoolean("streamcell.write")) {
            Files.writeString(file, content);
        }
        assertThat(file).as("%s; -Dstreamcell.write=true writes it anew", file).hasContent(content);
    }
}
