package io.streamcell.jobs.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinesTest {
    @Test
    void theLastLineNeedsNoLineFeed() throws IOException {
        assertThat(lines("a\n\nbc")).containsExactly("a", "", "bc");
        assertThat(lines("a\n")).containsExactly("a");
        assertThat(lines("\n")).containsExactly("");
        assertThat(lines("")).isEmpty();
    }

    @Test
    void linesOfEveryLengthAreWhole() throws IOException {
        Random random = new Random(1);
        List<String> expected = new ArrayList<>();
        for (int length : new int[] {0, 65535, 65536, 65537, 1, 200_000, 0, 131072, 3_000_000, 7}) {
            expected.add(String.valueOf((char) ('a' + random.nextInt(26))).repeat(length));
        }

        assertThat(lines(String.join("\n", expected) + "\n")).isEqualTo(expected);
    }

    private static List<String> lines(String text) throws IOException {
        List<String> found = new ArrayList<>();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (Lines lines = new Lines(new ByteArrayInputStream(bytes))) {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                found.add(new String(line, StandardCharsets.UTF_8));
                assertThat(lines.number()).isEqualTo(found.size());
            }
        }
        return found;
    }
}
