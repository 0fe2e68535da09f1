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

/** What {@code state} shows of savepoints is what the job itself said of its streams. */
class StateITCase {
    private static final String MODEL = "../models/src/test/golden/lstm-sequences/model.keras";
    private static final String OTHER = "../models/src/test/golden/gru-reset-after/model.keras";
    private static final int FEATURES = 5;
    private static final int STREAMS = 40;

    /** 31, and 4 a float of h and c. */
    private static final int BYTES = 31 + 4 * 2 * 7;

    @TempDir private Path work;

    @ParameterizedTest
    @CsvSource({"hashmap, CANONICAL", "rocksdb, NATIVE", "rocksdb, ", "forst, NATIVE"})
    void statesThatAreExportedAreThoseThatTheJobExported(String backend, SavepointFormatType format)
            throws Exception {
        StoppedJob job = job(new Form(backend, format));
        Path output = work.resolve("states.jsonl");

        Call export =
                Call.of(
                        "state",
                        "export",
                        job.savepoint(),
                        "--model",
                        MODEL,
                        "--output",
                        "" + output);

        assertThat(export).isEqualTo(new Call(0, List.of(), ""));
        assertThat(Files.readAllLines(output))
                .hasSize(STREAMS)
                .containsExactlyInAnyOrderElementsOf(states(job));
    }

    @Test
    void streamsAreListedWithWhereTheyStand() throws Exception {
        StoppedJob job = job(new Form("rocksdb", SavepointFormatType.CANONICAL));

        Call all = Call.of("state", "list", job.savepoint());
        Call some = Call.of("state", "list", job.savepoint(), "--prefix", "s-3");
        Call few = Call.of("state", "list", job.savepoint(), "--limit", "3");

        String model = states(job).get(0).replaceFirst(".*\"model\":\"(\\w+)\\..*", "$1");
        assertThat(all.lines())
                .hasSize(STREAMS)
                .contains(
                        "{\"stream\":\"s-7\",\"next\":2,\"time\":1007,\"models\":[\"%s\"],\"bytes\":%d}"
                                .formatted(model, BYTES),
                        "{\"stream\":\"s-0\",\"next\":2,\"time\":1000,\"flags\":[\"reset\"],\"models\":[\"%s\"],\"bytes\":%d}"
                                .formatted(model, BYTES));
        assertThat(some.lines()).hasSize(11).allMatch(line -> line.contains("\"s-3"));
        assertThat(few.lines()).hasSize(3).isSubsetOf(all.lines());
    }

    @Test
    void statesOfSomeStreamsAreReadAndOthersAreMissed() throws Exception {
        StoppedJob job = job(new Form("hashmap", SavepointFormatType.NATIVE));

        Call read = read(job.savepoint(), MODEL, "s-3", "s-11");
        Call missed = read(job.savepoint(), MODEL, "s-3", "nobody");

        assertThat(read.lines())
                .containsExactlyInAnyOrderElementsOf(
                        states(job).stream()
                                .filter(line -> line.matches(".*\"s-(3|11)\".*"))
                                .toList());
        assertThat(missed.status()).isEqualTo(1);
        assertThat(missed.said())
                .isEqualTo(
                        "streamcell: streams must be in %s, found none of [nobody]\n"
                                .formatted(job.savepoint()));
    }

    @Test
    void statesOfAnotherModelAreRefusedInOneLine() throws Exception {
        StoppedJob job = job(new Form("hashmap", SavepointFormatType.CANONICAL));

        Call other = read(job.savepoint(), OTHER, "s-3");

        assertThat(other.status()).isEqualTo(2);
        assertThat(other.said())
                .startsWith(
                        "streamcell: --model must be the one whose states are in "
                                + job.savepoint())
                .hasLineCount(1);
    }

    private static Call read(String savepoint, String model, String... streams) {
        List<String> call = new ArrayList<>(List.of("state", "read", savepoint, "--model", model));
        for (String stream : streams) {
            call.addAll(List.of("--stream", stream));
        }
        return Call.of(call.toArray(String[]::new));
    }

    private StoppedJob job(Form form) throws Exception {
        return StoppedJob.of(work, MODEL, events(new Random(5)), form, null);
    }

    private static List<String> states(StoppedJob job) {
        return job.lines().stream().filter(line -> line.contains("\"event\":\"state\"")).toList();
    }

    /** Two timesteps of each stream, and its state; the first one is reset before. */
    private static List<String> events(Random random) {
        List<String> events = new ArrayList<>();
        for (int k = 0; k < STREAMS; k++) {
            List<List<Float>> values = new ArrayList<>();
            for (int row = 0; row < 2; row++) {
                List<Float> features = new ArrayList<>();
                for (int n = 0; n < FEATURES; n++) {
                    features.add((float) random.nextGaussian());
                }
                values.add(features);
            }
            events.add(
                    "{\"stream\":\"s-%d\",\"time\":%d,\"values\":%s}"
                            .formatted(k, 1000 + k, values));
        }
        events.add("{\"stream\":\"s-0\",\"event\":\"reset\"}");
        for (int k = 0; k < STREAMS; k++) {
            events.add("{\"stream\":\"s-%d\",\"event\":\"export\"}".formatted(k));
        }
        return events;
    }
}
