package io.streamcell.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/sizing.md shows is what the command says. */
class SizingDocumentTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern CALL =
            Pattern.compile("    \\$ ./streamcell (size .*)\n((?:    .*\n)+)");

    @Test
    void theExamplesAreWhatTheCommandSays() throws IOException {
        String document = Files.readString(ROOT.resolve("docs/sizing.md"));
        List<MatchResult> calls = CALL.matcher(document).results().toList();

        assertThat(calls).hasSize(2);
        for (MatchResult call : calls) {
            assertThat(run(call.group(1)).indent(4)).isEqualTo(call.group(2));
        }
    }

    @Test
    void aCallThatMakesNoSenseIsRefused() {
        String model = ROOT.resolve("examples/nab/forecaster.keras").toString();

        assertThat(Main.run("size", model, "--streams", "0", "--rate", "1")).isEqualTo(2);
        assertThat(Main.run("size", model, "--streams", "1", "--rate", "1", "--interval", "x"))
                .isEqualTo(2);
        assertThat(Main.run("size", "nothing.keras", "--streams", "1", "--rate", "1")).isEqualTo(2);
    }

    private static String run(String call) {
        List<String> arguments = new ArrayList<>();
        Pattern.compile("\"([^\"]*)\"|\\S+")
                .matcher(call)
                .results()
                .forEach(
                        each ->
                                arguments.add(
                                        each.group(1) == null ? each.group() : each.group(1)));
        arguments.set(1, ROOT.resolve(arguments.get(1)).toString());
        PrintStream before = System.out;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            assertThat(Main.run(arguments.toArray(String[]::new))).isZero();
        } finally {
            System.setOut(before);
        }
        return said.toString(StandardCharsets.UTF_8);
    }
}
