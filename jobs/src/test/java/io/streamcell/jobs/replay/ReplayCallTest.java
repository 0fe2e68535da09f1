package io.streamcell.jobs.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.jobs.savepoints.Call;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a call of {@code replay} must be, said in one line. */
class ReplayCallTest {
    private static final String GOLDEN = "../models/src/test/golden/lstm-sequences/";
    private static final String MODEL = GOLDEN + "model.keras";
    private static final String EVENTS = GOLDEN + "events.jsonl";

    @TempDir private Path work;

    private static void assertWrong(Call call, String said) {
        assertThat(call.said()).isEqualTo("streamcell: " + said + "\n");
        assertThat(call.status()).isEqualTo(2);
    }

    private static Call replay(String... more) {
        String[] call = new String[more.length + 3];
        call[0] = "replay";
        call[1] = "--model";
        call[2] = MODEL;
        System.arraycopy(more, 0, call, 3, more.length);
        return Call.of(call);
    }

    @Test
    void wrongCallsAreRefused() {
        assertWrong(replay(), "a replay must have --config, or --input and --scores, got neither");
        assertWrong(
                replay("--input", EVENTS),
                "--input and --scores must be given together, and without --states-topic");
        assertWrong(
                replay("--input", EVENTS, "--scores", "no-such-file"),
                "--scores must be a readable file, got no-such-file");
        assertWrong(
                replay("--input", EVENTS, "--scores", EVENTS, "--from", "a", "--states", EVENTS),
                "streams must begin with one of --from, --states and --states-topic, got several");
        assertWrong(
                replay("--input", EVENTS, "--scores", EVENTS, "--since", "yesterday"),
                "--since must be epoch milliseconds or a time like 2026-11-26T07:00:00Z, got yesterday");
        assertWrong(
                replay("--input", EVENTS, "--scores", EVENTS, "--from-offset", "1:2"),
                "of a file an offset must be the number of a line, got one of a partition");
    }

    /** As a file that {@code score} wrote is verified, a line of it, and one that is damaged. */
    @Test
    void aFileIsVerified() throws Exception {
        Path scores = work.resolve("scores.jsonl");
        Path missing = work.resolve("missing.jsonl");
        Call.of("score", "--model", MODEL, "--input", EVENTS, "--output", "" + scores);
        var lines = Files.readAllLines(scores);

        assertThat(replay("--input", EVENTS, "--scores", "" + scores).status()).isZero();

        Files.write(scores, lines.subList(1, lines.size()));
        Call repair =
                replay("--input", EVENTS, "--scores", "" + scores, "--emit-missing", "" + missing);

        assertThat(repair.status()).isZero();
        assertThat(Files.readAllLines(missing)).containsExactly(lines.get(0));
    }
}
