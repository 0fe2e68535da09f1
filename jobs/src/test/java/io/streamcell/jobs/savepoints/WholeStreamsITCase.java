package io.streamcell.jobs.savepoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.jobs.savepoints.StoppedJob.Form;
import io.streamcell.operators.ScoringOptions;
import io.streamcell.operators.StreamEvent;
import io.streamcell.state.StreamState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Savepoints that are written hold all that there is of a stream: under every model, with chunks
 * that wait, the last inputs, and the timer that looks whether it expired.
 */
class WholeStreamsITCase {
    private static final String MODEL = "../models/src/test/golden/lstm-sequences/model.keras";
    private static final String V2 = "../models/src/test/golden/gru-reset-after/model.keras";
    private static final int FEATURES = 5;
    private static final Form FORST = new Form("forst", SavepointFormatType.NATIVE);
    private static final Form IN_MEMORY = new Form("hashmap", SavepointFormatType.CANONICAL);
    private static final ScoringOptions OPTIONS =
            ScoringOptions.forModel(MODEL)
                    .withModel("v2", V2)
                    .with(ScoringOptions.MAX_WAIT, Duration.ofMinutes(1))
                    .with(ScoringOptions.KEPT_TIMESTEPS, 3)
                    .with(ScoringOptions.STATE_TTL, Duration.ofHours(1));

    @TempDir private static Path work;

    private static StoppedJob source;

    @Test
    void aForkGoesOnLikeItsOriginalUnderEveryModelAndWithItsHeldChunks() throws Exception {
        String forked = work.resolve("forked").toString();

        Call fork =
                Call.of(
                        "state",
                        "fork",
                        source.savepoint(),
                        "--from",
                        "s-1",
                        "--as",
                        "copy",
                        "--native",
                        "--to",
                        forked);

        assertThat(fork).isEqualTo(new Call(0, List.of(), ""));
        assertThat(Call.of("state", "diff", source.savepoint(), forked).lines())
                .containsExactlyInAnyOrder(
                        "{\"stream\":\"copy\",\"only-in\":\"b\"}",
                        "{\"stream\":\"copy\",\"model\":\"v2\",\"only-in\":\"b\"}");
        Map<String, SavedStream> streams = streams(forked);
        SavedStream original = streams.get("s-1");
        SavedStream copy = streams.get("copy");
        assertThat(copy.state()).isEqualTo(original.state());
        assertThat(copy.state().ahead().expiry()).isNotEqualTo(StreamState.NO_TIME);
        assertThat(copy.kept()).containsExactly(original.kept()).hasSize(2 * FEATURES);
        assertThat(copy.held()).singleElement().matches(h -> h.event().stream().equals("copy"));

        Random random = new Random(2);
        String gap = chunk(random, "\"start\":2,");
        String more = chunk(random, "\"start\":2,\"model\":\"v2\",");
        List<String> goesOn =
                job(
                        FORST,
                        List.of(of("s-1", gap), of("copy", gap), of("s-1", more), of("copy", more)),
                        6,
                        forked);
        List<String> asSource =
                job(FORST, List.of(of("s-1", gap), of("s-1", more)), 3, source.savepoint());

        assertThat(asSource)
                .hasSize(3)
                .anyMatch(line -> line.startsWith("{\"stream\":\"s-1\",\"start\":4,"));
        assertThat(goesOn).hasSize(6).containsAll(asSource);
        assertThat(goesOn)
                .containsAll(asSource.stream().map(line -> line.replace("s-1", "copy")).toList());
    }

    @Test
    void streamsOfANamedModelAreListedReadGivenAndCopied() throws Exception {
        String exported =
                source.lines().stream().filter(line -> line.contains("\"state\"")).findAny().get();

        Call list = Call.of("state", "list", source.savepoint(), "--model-name", "v2");
        Call read =
                Call.of(
                        "state",
                        "read",
                        source.savepoint(),
                        "--model-name",
                        "v2",
                        "--model",
                        V2,
                        "--stream",
                        "s-1");

        assertThat(list.lines())
                .singleElement()
                .asString()
                .startsWith("{\"stream\":\"s-1\",\"next\":2,\"time\":1000,\"models\":");
        assertThat(Call.of("state", "list", source.savepoint(), "--prefix", "s-1").lines())
                .singleElement()
                .asString()
                .startsWith("{\"stream\":\"s-1\",\"next\":2,\"time\":1000,\"held\":1,\"models\":");
        assertThat(read).isEqualTo(new Call(0, List.of(exported), ""));

        Path given = Files.writeString(work.resolve("given.jsonl"), of("s-2", exported));
        String imported = work.resolve("imported").toString();
        String copied = work.resolve("copied").toString();
        Call of =
                Call.of(
                        "state",
                        "import",
                        source.savepoint(),
                        "--model-name",
                        "v2",
                        "--model",
                        V2,
                        "--input",
                        given.toString(),
                        "--to",
                        imported);
        Call copy = Call.of("state", "copy", imported, "--to", copied);

        assertThat(List.of(of, copy)).containsOnly(new Call(0, List.of(), ""));
        assertThat(Call.of("state", "diff", imported, copied))
                .isEqualTo(new Call(0, List.of(), ""));
        String more = chunk(new Random(3), "\"start\":2,\"model\":\"v2\",");
        List<String> goesOn = job(IN_MEMORY, List.of(of("s-1", more), of("s-2", more)), 2, copied);
        String first = goesOn.stream().filter(line -> line.contains("s-1")).findAny().get();
        assertThat(goesOn).contains(of("s-2", first).replaceFirst("}$", ",\"flags\":[\"reset\"]}"));
    }

    /** Two streams, one with a chunk that waits and a state under another model. */
    @BeforeAll
    static void source() throws Exception {
        Random random = new Random(1);
        List<String> events =
                List.of(
                        of("s-1", chunk(random, "\"start\":0,")),
                        of("s-1", chunk(random, "\"start\":4,")),
                        of("s-1", chunk(random, "\"start\":0,\"model\":\"v2\",")),
                        of("s-1", "{\"stream\":\"s-1\",\"event\":\"export\",\"model\":\"v2\"}"),
                        of("s-2", chunk(random, "")));
        source = StoppedJob.of(work, OPTIONS, events, 4, FORST, null);
    }

    private static List<String> job(Form form, List<String> events, int lines, String from)
            throws Exception {
        return StoppedJob.of(work, OPTIONS, events, lines, form, from).lines();
    }

    private static String of(String stream, String line) {
        return line.replace("s-1", stream);
    }

    /** Two random timesteps of {@code s-1}. */
    private static String chunk(Random random, String fields) {
        StringBuilder rows = new StringBuilder();
        for (int row = 0; row < 2; row++) {
            List<Float> features = random.doubles(FEATURES).mapToObj(d -> (float) d).toList();
            rows.append(row == 0 ? "" : ",").append(features);
        }
        return "{\"stream\":\"s-1\",\"time\":1000,%s\"values\":[%s]}".formatted(fields, rows);
    }

    /** Streams under the main model, by their ids. */
    private static Map<String, SavedStream> streams(String savepoint) throws Exception {
        Map<String, SavedStream> streams = new HashMap<>();
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(1);
        try (CloseableIterator<SavedStream> all =
                Savepoint.at("savepoint", savepoint).streams(environment).executeAndCollect()) {
            while (all.hasNext()) {
                SavedStream saved = all.next();
                if (saved.model().equals(StreamEvent.DEFAULT_MODEL)) {
                    streams.put(saved.stream(), saved);
                }
            }
        }
        return streams;
    }
}
