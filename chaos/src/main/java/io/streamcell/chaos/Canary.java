package io.streamcell.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A secret, looked for where it must not be.
 *
 * @param secret text that is nowhere by chance
 */
record Canary(String secret) {
    /** Files of a folder that hold it, from there. */
    Set<String> in(Path folder) throws IOException {
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (in(Files.readAllBytes(file))) {
                    found.add(folder.relativize(file).toString());
                }
            }
        }
        return found;
    }

    /** Pages that hold it, by path. */
    Set<String> in(Map<String, String> pages) {
        Set<String> found = new TreeSet<>();
        pages.forEach(
                (path, text) -> {
                    if (text.contains(secret)) {
                        found.add(path);
                    }
                });
        return found;
    }

    /** Whether some records hold it. */
    boolean in(List<byte[]> records) {
        return records.stream().anyMatch(this::in);
    }

    private boolean in(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1).contains(secret);
    }
}
