package io.streamcell.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;

/** A file that is small, and would need much memory, time or another file if it were believed. */
public final class Hostile {
    private Hostile() {}

    /** The file is refused for what it says, and not because memory ran out. */
    public static void refused(Path file, String message) {
        assertThatThrownBy(
                        () -> {
                            Models.beside(file);
                            Models.read(file).signature(Carry.ALWAYS);
                        })
                .isInstanceOf(UnsupportedModelException.class)
                .hasMessageMatching("(?s).*" + message + ".*")
                .satisfies(
                        e ->
                                assertThat(e.getMessage())
                                        .contains("must")
                                        .doesNotContain("\n", "must fit into memory"));
    }
}
