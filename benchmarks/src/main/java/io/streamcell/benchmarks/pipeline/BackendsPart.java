package io.streamcell.benchmarks.pipeline;

import io.streamcell.benchmarks.pipeline.Workload.Access;
import io.streamcell.operators.ScoringOptions;
import java.util.ArrayList;
import java.util.List;

/** Heap against RocksDB, by how much of the state is at hand. */
final class BackendsPart implements Part {
    private static final int ROUNDS = 3;
    private static final int STREAMS = 100_000;

    @Override
    public String name() {
        return "backends";
    }

    @Override
    public String title() {
        return "Heap against RocksDB: %,d streams, a source in memory, one subtask"
                .formatted(STREAMS);
    }

    @Override
    public List<Comparison> comparisons() {
        return List.of(Comparison.ratio(Subject.STREAMCELL.title()));
    }

    @Override
    public List<Series> measure(Setting setting) throws Exception {
        return setting.hold(
                List.of(
                        trials(setting, "all streams hot", Access.UNIFORM, STREAMS, 3),
                        trials(setting, "10 % hot", Access.TENTH, STREAMS / 5, 3),
                        trials(setting, "none hot", Access.CYCLIC, STREAMS / 50, 1.5)),
                ROUNDS);
    }

    /**
     * @param slab streams whose state a subtask keeps at hand, all of it changed if need be
     */
    private static List<Trial> trials(
            Setting setting, String label, Access access, int slab, double share) throws Exception {
        Workload workload = new Workload(8, 32, 1, STREAMS, access);
        SavedModel model =
                SavedModel.save(workload, setting.folder())
                        .with(ScoringOptions.SLAB_MAX_STREAMS, slab)
                        .with(ScoringOptions.SLAB_MAX_DIRTY, slab);
        Agreement agreement = new Agreement();
        long records = setting.share(share);
        List<Trial> trials = new ArrayList<>();
        for (Subject subject : List.of(Subject.STREAMCELL, Subject.STREAMCELL_ROCKSDB)) {
            trials.add(
                    new MemoryTrial(
                            "backends %s slab=%d %s".formatted(workload.title(), slab, label),
                            workload,
                            subject,
                            model,
                            1,
                            records,
                            records,
                            agreement,
                            setting.folder().resolve("checkpoints")));
        }
        return trials;
    }
}
