package io.streamcell.jobs.savepoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.jobs.savepoints.StoppedJob.Form;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.flink.core.execution.SavepointFormatType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs go on from savepoints that were written, with the bits of those that they were made of. */
class ChangedSavepointITCase {
    private static final String MODEL = "../models/src/test/golden/lstm-sequences/model.keras";
    private static final int FEATURES = 5;
    private static final Form IN_MEMORY = new Form("hashmap", SavepointFormatType.CANONICAL);

    @TempDir private Path work;

    @ParameterizedTest
    @CsvSource({"hashmap, NATIVE", "rocksdb, "})
    void streamsThatAreImportedGoOnWithTheSameBitsAndOthersAsTheyWere(
            String backend, SavepointFormatType format) throws Exception {
        Form form = new Form(backend, format);
        StoppedJob source = job(chunks(1, 0, 1, 2, 3), form, null);
        StoppedJob target = job(chunks(2, 1, 2, 4, 5), form, null);
        Path states = work.resolve("states.jsonl");
        assertThat(
                        Call.of(
                                "state",
                                "read",
                                source.savepoint(),
                                "--model",
                                MODEL,
                                "--output",
                                states.toString(),
                                "--stream",
                                "s-1",
                                "--stream",
                                "s-3"))
                .isEqualTo(new Call(0, List.of(), ""));

        String to = work.resolve("imported").toString();
        Call imported =
                Call.of(
                        "state",
                        "import",
                        target.savepoint(),
                        "--model",
                        MODEL,
                        "--input",
                        states.toString(),
                        "--to",
                        to);

        assertThat(imported).isEqualTo(new Call(0, List.of(), ""));
        List<String> more = chunks(3, 1, 2, 3, 4);
        List<String> goesOn = job(more, form, to).lines();
        List<String> asSource = job(more, form, source.savepoint()).lines();
        List<String> asTarget = job(more, form, target.savepoint()).lines();
        assertThat(of("s-1", goesOn)).isEqualTo(reset(of("s-1", asSource)));
        assertThat(of("s-3", goesOn)).isEqualTo(reset(of("s-3", asSource)));
        assertThat(of("s-2", goesOn)).isEqualTo(of("s-2", asTarget));
        assertThat(of("s-4", goesOn)).isEqualTo(of("s-4", asTarget));
        assertThat(Call.of("state", "diff", target.savepoint(), to).lines())
                .hasSize(2)
                .anyMatch(
                        line -> line.startsWith("{\"stream\":\"s-1\",\"flags\":[[],[\"reset\"]],"))
                .contains("{\"stream\":\"s-3\",\"only-in\":\"b\"}");
    }

    @Test
    void whatCannotBeImportedOrForkedIsRefusedBeforeAnythingIsWritten() throws Exception {
        String savepoint = job(chunks(1, 0, 1), IN_MEMORY, null).savepoint();
        Path to = work.resolve("refused");
        Path input = work.resolve("input.jsonl");
        String reset = "{\"stream\":\"s-0\",\"event\":\"reset\",\"next\":1,\"state\":%s}\n";

        Files.writeString(input, reset.formatted("{}") + reset.formatted("{\"gru\":[[1]]}"));
        refused(
                "line 2 of %s: a state's layers must be of [lstm_6], which carry state here, got gru at stream s-0"
                        .formatted(input),
                importing(savepoint, input, to));
        Files.writeString(input, "{\"stream\":\"s-0\",\"event\":\"state\"}");
        refused(
                "line 1 of %s: a state record must have event state or reset, and next, got event state and no next at stream s-0"
                        .formatted(input),
                importing(savepoint, input, to));
        refused(
                "--as must be an id that no stream in %s has, got s-1".formatted(savepoint),
                fork(savepoint, "s-0", "s-1", to.toString()));
        refused(
                "--from must be a stream in %s, got nobody".formatted(savepoint),
                fork(savepoint, "nobody", "copy", to.toString()));
        assertThat(to).doesNotExist();
        refused(
                "--to must be a folder that is empty or does not exist yet, got " + work,
                fork(savepoint, "s-0", "copy", work.toString()));
    }

    private static void refused(String message, Call call) {
        assertThat(call).isEqualTo(new Call(2, List.of(), "streamcell: " + message + "\n"));
    }

    private static Call importing(String savepoint, Path input, Path to) {
        return Call.of(
                "state",
                "import",
                savepoint,
                "--model",
                MODEL,
                "--input",
                input.toString(),
                "--to",
                to.toString());
    }

    private static Call fork(String savepoint, String from, String as, String to) {
        return Call.of("state", "fork", savepoint, "--from", from, "--as", as, "--to", to);
    }

    private StoppedJob job(List<String> events, Form form, String from) throws Exception {
        return StoppedJob.of(work, MODEL, events, form, from);
    }

    private static String of(String stream, List<String> lines) {
        return lines.stream().filter(line -> line.contains('"' + stream + '"')).findFirst().get();
    }

    /** The same score behind a reset. */
    private static String reset(String line) {
        return line.replaceFirst("}$", ",\"flags\":[\"reset\"]}");
    }

    /** Two random timesteps of each stream. */
    private static List<String> chunks(long seed, int... streams) {
        Random random = new Random(seed);
        List<String> chunks = new ArrayList<>();
        for (int stream : streams) {
            List<List<Float>> values = new ArrayList<>();
            for (int row = 0; row < 2; row++) {
                List<Float> features = new ArrayList<>();
                for (int k = 0; k < FEATURES; k++) {
                    features.add((float) random.nextGaussian());
                }
                values.add(features);
            }
            chunks.add("{\"stream\":\"s-%d\",\"values\":%s}".formatted(stream, values));
        }
        return chunks;
    }
}
