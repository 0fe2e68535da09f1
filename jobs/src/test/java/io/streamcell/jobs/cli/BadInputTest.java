package io.streamcell.jobs.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every kind of bad event, in the middle of a stream: rejected with its reason, the stream's scores
 * as without it.
 */
class BadInputTest {
    private static final String MODEL = "../models/src/test/golden/lstm-sequences/model.keras";

    /** Reason, then the record; each is put between good chunks of stream s. */
    private static final String[][] BAD = {
        {"format", "{\"stream\":\"s\",\"values\":[[1,2,3,4,5]]"},
        {"format", "{\"stream\":\"s\",\"values\":\"none\"}"},
        {"format", "[]"},
        {"stream", "{\"values\":[[1,2,3,4,5]]}"},
        {"event", "{\"stream\":\"s\",\"event\":\"restart\"}"},
        {"model", "{\"stream\":\"s\",\"model\":\"v2\",\"values\":[[1,2,3,4,5]]}"},
        {"no-timesteps", "{\"stream\":\"s\",\"values\":[]}"},
        {"feature-count", "{\"stream\":\"s\",\"values\":[[1,2,3,4]]}"},
        {"feature-count", "{\"stream\":\"s\",\"values\":[1,2,3]}"},
        {"inputs", "{\"stream\":\"s\",\"inputs\":{\"other\":[[1,2,3,4,5]]}}"},
        {"not-finite", "{\"stream\":\"s\",\"values\":[[1,2,3,4,1e39]]}"},
        {"not-finite", "{\"stream\":\"s\",\"values\":[[1,2,3,4,NaN]]}"},
        {"time", "{\"stream\":\"s\",\"time\":[1,2,3],\"values\":[[1,2,3,4,5]]}"},
        {"number", "{\"stream\":\"s\",\"start\":-4,\"values\":[[1,2,3,4,5]]}"},
        {"gap", "{\"stream\":\"s\",\"start\":100000,\"values\":[[1,2,3,4,5]]}"},
        {"state-layer", "{\"stream\":\"s\",\"event\":\"reset\",\"state\":{\"none\":[[1]]}}"},
        {"state-shape", "{\"stream\":\"s\",\"event\":\"reset\",\"state\":{\"lstm_6\":[[1],[1]]}}"},
    };

    @TempDir private Path work;

    @Test
    void aRejectedEventChangesNothingOfItsStream() throws IOException {
        Random random = new Random(1);
        List<String> good = new ArrayList<>();
        List<String> mixed = new ArrayList<>();
        for (String[] bad : BAD) {
            String chunk =
                    "{\"stream\":\"s\",\"values\":[[%s,1,2,%s,3]]}"
                            .formatted(random.nextFloat(), random.nextFloat());
            good.add(chunk);
            mixed.add(chunk);
            mixed.add(bad[1]);
        }
        good.add("{\"stream\":\"s\",\"event\":\"export\"}");
        mixed.add("{\"stream\":\"s\",\"event\":\"export\"}");

        assertThat(score(mixed, "mixed")).isEqualTo(score(good, "good"));
        List<String> reasons = new ArrayList<>();
        for (String line : Files.readAllLines(work.resolve("mixed.rejected"))) {
            reasons.add(new ObjectMapper().readTree(line).get("reason").asText());
        }
        String[] wanted = new String[BAD.length];
        for (int k = 0; k < wanted.length; k++) {
            wanted[k] = BAD[k][0];
        }
        assertThat(reasons).containsExactlyInAnyOrder(wanted);
        assertThat(work.resolve("good.rejected")).isEmptyFile();
    }

    private List<String> score(List<String> events, String name) throws IOException {
        Path output = work.resolve(name + ".scores");
        int status =
                Main.run(
                        "score",
                        "--model",
                        MODEL,
                        "--input",
                        Files.write(work.resolve(name + ".jsonl"), events).toString(),
                        "--output",
                        output.toString(),
                        "--rejected",
                        work.resolve(name + ".rejected").toString(),
                        "-D",
                        "sequence.on-gap=reject");
        assertThat(status).isZero();
        return Files.readAllLines(output);
    }
}
