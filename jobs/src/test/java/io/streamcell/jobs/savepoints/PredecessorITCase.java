package io.streamcell.jobs.savepoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.jobs.savepoints.StoppedJob.Form;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.execution.SavepointFormatType;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Savepoints of versions before: each folder holds one, of a job that scored {@code first.jsonl}
 * and was stopped, and what it wrote.
 */
class PredecessorITCase {
    private static final Path SAVEPOINTS = Path.of("src/test/savepoints");
    private static final String MODEL = "../models/src/test/golden/stacked-cells/model.keras";

    @TempDir Path work;

    @ParameterizedTest
    @ValueSource(strings = "state-version-1")
    void jobThatGoesOnFromItScoresWithTheBitsOfOneThatNeverStopped(String version)
            throws Exception {
        Path saved = SAVEPOINTS.resolve(version);
        List<String> first = Files.readAllLines(saved.resolve("first.jsonl"));
        List<String> second = Files.readAllLines(saved.resolve("second.jsonl"));
        List<String> all = new ArrayList<>(first);
        all.addAll(second);
        Form form = new Form("rocksdb", SavepointFormatType.CANONICAL);

        String from = saved.toAbsolutePath().toUri().toString();
        List<String> restored = StoppedJob.of(work, MODEL, second, form, from).lines();
        List<String> undisturbed = StoppedJob.of(work, MODEL, all, form, null).lines();

        List<String> together =
                new ArrayList<>(Files.readAllLines(saved.resolve("first-scores.jsonl")));
        together.addAll(restored);
        assertThat(together).containsExactlyInAnyOrderElementsOf(undisturbed);
        assertThat(restored).hasSize(second.size());
    }
}
