package io.streamcell.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamcell.benchmarks.Patterns;
import io.streamcell.benchmarks.pipeline.Workload.Access;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PipelineTest {
    @TempDir Path folder;

    @Test
    void onnxRuntimePerRecordAndStreamcellScoreAlike() throws Exception {
        Workload workload = new Workload(3, 7, 5, 17, Access.UNIFORM);
        SavedModel model = SavedModel.save(workload, folder);
        Agreement agreement = new Agreement();
        for (Subject subject : List.of(Subject.STREAMCELL, Subject.ONNX)) {
            Trial trial =
                    new MemoryTrial(
                            "small", workload, subject, model, 1, 1500, 1500, agreement, folder);
            Figure figure = trial.run().get(0);
            assertThat(figure.subject()).isEqualTo(subject.title());
            assertThat(figure.value()).isPositive();
        }
    }

    @Test
    void scoresThatDifferAreRefused() {
        Agreement agreement = new Agreement();
        agreement.check("one", Map.of("s1", new float[] {1, 2}));
        agreement.check("another", Map.of("s1", new float[] {1.00005f}));
        assertThatThrownBy(() -> agreement.check("third", Map.of("s1", new float[] {1, 2.001f})))
                .hasMessage("score 1 of s1 must be within 1e-4 of 2.0, got 2.001 from third");
    }

    @Test
    void eachRoundBeginsWithAnotherTrial() throws Exception {
        List<String> order = new ArrayList<>();
        List<Series> series =
                Contest.hold(List.of(new Noted("a", order), new Noted("b", order)), 3, line -> {});
        assertThat(order).containsExactly("a", "b", "b", "a", "a", "b");
        assertThat(series.get(0).values()).containsExactly(1.0, 4.0, 5.0);
    }

    @Test
    void comparisonsAreMadeRoundByRound() {
        Series base = new Series("case", "base", "events/s", List.of(10.0, 20.0, 40.0));
        Series mine = new Series("case", "mine", "events/s", List.of(20.0, 20.0, 200.0));
        assertThat(mine.against(base, (a, b) -> a / b).rate()).isEqualTo(2);
        assertThat(Table.of(List.of(base, mine), List.of(Comparison.ratio("base"))))
                .contains("| case | mine    | 20.0", "2.00 (1.00 – 5.00)");
    }

    @Test
    void aPartRunsFromTheCommandLine() throws Exception {
        Path json = folder.resolve("found.json");
        int status =
                new CommandLine(new PipelineCommand())
                        .execute(
                                "--parts=memory",
                                "--rounds=1",
                                "--records=700",
                                "--only=*units=32 *streamcell",
                                "--json=" + json);
        assertThat(status).isZero();
        assertThat(Files.readString(json))
                .startsWith("{\"case\":\"memory lstm features=8 units=32 timesteps=1\"");
    }

    @Test
    void whatIsNotAskedForIsNotRun() throws Exception {
        List<String> order = new ArrayList<>();
        Setting setting =
                new Setting(1, OptionalInt.of(2), Patterns.anyOf(List.of("b")), folder, line -> {});
        setting.hold(List.of(List.of(new Noted("a", order), new Noted("b", order))), 7);
        assertThat(order).containsExactly("b", "b");
    }

    /** Notes when it is run. */
    private record Noted(String name, List<String> order) implements Trial {
        @Override
        public List<Figure> run() {
            order.add(name);
            return List.of(new Figure("case", name, "turn", order.size()));
        }
    }
}
