package io.streamcell.jobs.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Writes the seeds of a format, each in a file of its own, for Jazzer. */
public final class SeedFiles {
    private SeedFiles() {}

    /** Takes the format and the folder. */
    public static void main(String[] arguments) throws IOException {
        Format format = Format.valueOf(arguments[0].toUpperCase(Locale.ROOT));
        Path folder = Files.createDirectories(Path.of(arguments[1]));
        List<byte[]> seeds = Seeds.of(format);
        for (int k = 0; k < seeds.size(); k++) {
            Files.write(folder.resolve("seed-%03d".formatted(k)), seeds.get(k));
        }
    }
}
