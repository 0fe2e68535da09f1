package io.streamcell.benchmarks.pipeline;

import io.streamcell.benchmarks.pipeline.Workload.Access;
import java.util.ArrayList;
import java.util.List;

/** How throughput goes with streams and subtasks. */
final class GrowthPart implements Part {
    private static final int ROUNDS = 3;
    private static final List<Integer> STREAMS = List.of(1_000, 10_000, 100_000, 1_000_000);

    @Override
    public String name() {
        return "growth";
    }

    @Override
    public String title() {
        return "Streams and subtasks: a source in memory, streams at random, default options";
    }

    @Override
    public List<Comparison> comparisons() {
        return List.of(Comparison.ratio(Subject.STREAMCELL.title()));
    }

    @Override
    public List<Series> measure(Setting setting) throws Exception {
        List<List<Trial>> cases = new ArrayList<>();
        for (int streams : STREAMS) {
            cases.add(trials(setting, streams));
        }
        return setting.hold(cases, ROUNDS);
    }

    private static List<Trial> trials(Setting setting, int streams) throws Exception {
        Workload workload = new Workload(8, 32, 1, streams, Access.UNIFORM);
        SavedModel model = SavedModel.save(workload, setting.folder());
        Agreement agreement = new Agreement();
        long records = setting.share(3);
        List<Trial> trials = new ArrayList<>();
        for (Subject subject : List.of(Subject.STREAMCELL, Subject.STREAMCELL_ROCKSDB)) {
            for (int parallelism : List.of(1, 2)) {
                trials.add(
                        new MemoryTrial(
                                "growth %s streams=%d".formatted(workload.title(), streams),
                                workload,
                                subject,
                                model,
                                parallelism,
                                records,
                                records,
                                agreement,
                                setting.folder().resolve("checkpoints")));
            }
        }
        return trials;
    }
}
