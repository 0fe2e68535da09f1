package io.streamcell.jobs.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Writes the seeds of a format, and some recipes, each in a file of its own, for Jazzer. */
public final class SeedFiles {
    private static final int RECIPES = 200;

    private SeedFiles() {}

    /** Takes the format and the folder. */
    public static void main(String[] arguments) throws IOException {
        Format format = Format.valueOf(arguments[0].toUpperCase(Locale.ROOT));
        Path folder = Files.createDirectories(Path.of(arguments[1]));
        List<byte[]> seeds = new ArrayList<>(Seeds.of(format));
        Random random = new Random(1);
        for (int k = 0; k < RECIPES; k++) {
            byte[] recipe = new byte[16];
            random.nextBytes(recipe);
            recipe[0] |= (byte) 0x80;
            seeds.add(recipe);
        }
        for (int k = 0; k < seeds.size(); k++) {
            Files.write(folder.resolve("seed-%03d".formatted(k)), seeds.get(k));
        }
    }
}
