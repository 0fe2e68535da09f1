package io.streamcell.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.jobs.config.GeneratedFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code size} says, and that {@code docs/sizing.md} says the same. */
class SizeTest {
    private static final Path DOCUMENT = Path.of("../docs/sizing.md");
    private static final Pattern EXAMPLE =
            Pattern.compile("(?m)^ {4}\\./streamcell size (.+)\n\n(?: {4}.*\n)+");
    private static final Pattern TABLE =
            Pattern.compile("(?m)^(\\| Slope \\|.*\n\\|[-|]+\n)(?:\\|.*\n)+");
    private static final String[] MILLION = {"--streams", "1000000", "--rate", "100000"};

    private record Said(int status, String out, String error) {}

    private static Said size(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream error = new ByteArrayOutputStream();
        PrintStream outBefore = System.out;
        PrintStream errorBefore = System.err;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(error, true, StandardCharsets.UTF_8));
        int status;
        try {
            status = Main.run(with(new String[] {"size"}, arguments));
        } finally {
            System.setOut(outBefore);
            System.setErr(errorBefore);
        }
        return new Said(
                status,
                out.toString(StandardCharsets.UTF_8),
                error.toString(StandardCharsets.UTF_8));
    }

    private static String[] with(String[] first, String... more) {
        String[] all = Arrays.copyOf(first, first.length + more.length);
        System.arraycopy(more, 0, all, first.length, more.length);
        return all;
    }

    @Test
    void theDocumentHasTheSlopesAndTheCommandsOwnOutput() throws IOException {
        String text = Files.readString(DOCUMENT);
        String slopes =
                Arrays.stream(Slope.values()).map(SizeTest::row).collect(Collectors.joining());
        text = TABLE.matcher(text).replaceAll(found -> found.group(1) + slopes);
        text =
                EXAMPLE.matcher(text)
                        .replaceAll(
                                found ->
                                        "    ./streamcell size %s\n\n%s"
                                                .formatted(
                                                        found.group(1), example(found.group(1))));
        assertThat(EXAMPLE.matcher(text).results().count()).isGreaterThanOrEqualTo(3);
        GeneratedFiles.check(DOCUMENT, text);
    }

    private static String row(Slope slope) {
        String value =
                slope.value() >= 1e6
                        ? "%,.0f million".formatted(slope.value() / 1e6)
                        : slope.value() >= 1
                                ? String.format(Locale.ROOT, "%,.0f", slope.value())
                                : String.valueOf(slope.value());
        return "| %s | %s %s | %s |\n".formatted(slope, value, slope.unit(), slope.meaning());
    }

    private static String example(String arguments) {
        Said said = size(arguments.replaceAll("(\\S+\\.keras)", "../$1").split(" "));
        assertThat(said.status).as(said.error).isZero();
        return said.out.indent(4);
    }

    @Test
    void aModelIsSizedAsTheNetworkThatItHolds() {
        Said model = size(with(MILLION, "../models/src/test/golden/lstm-sequences/model.keras"));

        assertThat(model.status).as(model.error).isZero();
        // LSTM(7): h and c, 4 bytes a float.
        assertThat(model.out).contains("State                     116 bytes a stream");
    }

    @Test
    void anIntervalThatIsTooShortIsToldWithOneThatHasRoom() {
        String[] ten = {"--streams", "10000000", "--rate", "1000000", "--units", "128"};

        assertThat(size(ten).out).doesNotContain("Note");
        assertThat(size(with(ten, "--interval", "1s")).out)
                .containsPattern("Note +checkpoints would pile up; an interval of .+ has room");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    --rate 1 --units 8 --streams 0           | --streams must be between 1 and
                    --streams 1 --units 8 --rate 0           | --rate must be positive, got 0.0
                    --streams 1 --units 8 --rate NaN         | --rate must be positive, got NaN
                    --streams 1 --rate 1                     | either MODEL or --units must be given
                    --streams 1 --rate 1 --units 8 m.keras   | either MODEL or --units must be given
                    --streams 1 --rate 1 --units 0           | --units must be between 1 and 65,536, got 0
                    --streams 1 --rate 1 --units 8 --slots 0 | --slots must be between 1 and 1,024, got 0
                    --streams 1 --rate 1e18 --units 8        | a job must do with 16,384 subtasks
                    --streams 1 --rate 1 --units 8 --interval soon | --interval must be a duration such as 30s, got soon
                    --streams 1 --rate 1 --units 8 --interval 0s   | --interval must be positive, got 0s
                    """)
    void whatCannotBeSizedIsRefusedInOneLine(String arguments, String message) {
        Said said = size(arguments.split(" "));

        assertThat(said.status).isEqualTo(2);
        assertThat(said.out).isEmpty();
        assertThat(said.error).contains(message).hasLineCount(1);
    }
}
