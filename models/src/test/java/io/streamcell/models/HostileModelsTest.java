package io.streamcell.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a file says of sizes is held against the file before memory is taken for it. In a JVM of its
 * own with little memory.
 */
class HostileModelsTest {
    private static final Path GOLDEN = Path.of("src/test/golden");
    private static final Path HOSTILE = Path.of("src/test/hostile");

    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({
        "sparse, must lie in the file",
        "late, must lie in the file",
        "linked, must hold .* got nothing there",
        "circular, must hold .* got nothing there",
        "outside, must",
    })
    void weightsInHdf5AreThoseThatLieInTheFile(String kind, String message) {
        Hostile.refused(HOSTILE.resolve(kind + ".h5"), message);
    }

    /** Every length that Keras's own file has, one after another, as if it were huge. */
    @Test
    void noLengthInHdf5IsBelievedBeyondTheFile() throws IOException {
        byte[] whole = Files.readAllBytes(GOLDEN.resolve("h5-keras2-stack/model.h5"));
        Path file = folder.resolve("model.h5");
        int refused = 0;
        for (int at = 0; at + 8 <= whole.length; at += 8) {
            long value = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong(at);
            if (value < 1 || value > whole.length) {
                continue;
            }
            byte[] changed = whole.clone();
            ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN).putLong(at, 0x7fff_fff0L);
            Files.write(file, changed);
            try {
                Models.read(file);
            } catch (UnsupportedModelException e) {
                assertThat(e.getMessage()).as("bytes from %d on", at).contains("must");
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(100);
    }

    @ParameterizedTest
    @CsvSource({"..", "''", "../model.safetensors", "/etc/hostname", "a/b"})
    void weightsOfADescriptionLieBesideIt(String weights) throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("model.json"),
                        "{\"streamcell\":1,\"weights\":\"%s\",\"layers\":[]}".formatted(weights));

        Hostile.refused(file, "must name a safetensors file beside it");
    }

    @ParameterizedTest
    @CsvSource({"2147483646", "1000000000", "4194304"})
    void aConvolutionThatLooksBackForHoursIsRefused(String dilation) throws IOException {
        byte[] h5 = Files.readAllBytes(GOLDEN.resolve("h5-keras2-stack/model.h5"));
        String text = new String(h5, StandardCharsets.ISO_8859_1);
        String saved = "\"dilation_rate\": [1]";
        assertThat(text).contains(saved);
        // In place, since lengths in the file stay so: other words of the configuration go.
        String name = "\"activity_regularizer\": null";
        int at = text.indexOf(saved);
        int space = text.indexOf(name, at);
        String between = text.substring(at + saved.length(), space);
        String put = "\"dilation_rate\": [%s]".formatted(dilation) + between;
        int length = space + name.length() - at;
        String filled = put + "\"a\":" + " ".repeat(length - put.length() - 5) + "0";
        assertThat(filled).hasSize(length);
        Path file = folder.resolve("model.h5");
        Files.write(
                file,
                (text.substring(0, at) + filled + text.substring(at + length))
                        .getBytes(StandardCharsets.ISO_8859_1));

        Hostile.refused(file, "dilation_rate must be so small");
    }
}
