package io.streamcell.jobs.savepoints;

import io.streamcell.jobs.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a call of the command line did.
 *
 * @param lines on standard output
 * @param said on standard error
 */
public record Call(int status, List<String> lines, String said) {
    public static Call of(String... arguments) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setOut(new PrintStream(lines, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        int status;
        try {
            status = Main.run(arguments);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
        return new Call(
                status,
                lines.toString(StandardCharsets.UTF_8).lines().toList(),
                said.toString(StandardCharsets.UTF_8));
    }
}
