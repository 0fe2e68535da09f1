package io.streamcell.benchmarks.pipeline;

import io.streamcell.benchmarks.pipeline.Workload.Access;
import java.util.ArrayList;
import java.util.List;

/** The operator against one that calls ONNX Runtime for each event, on heap and RocksDB. */
final class MemoryPart implements Part {
    private static final int ROUNDS = 5;
    private static final int STREAMS = 10_000;

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public String title() {
        return "A source in memory, no Kafka: %,d streams at random, one subtask"
                .formatted(STREAMS);
    }

    @Override
    public List<Comparison> comparisons() {
        return List.of(
                Comparison.ratio(Subject.ONNX.title()),
                Comparison.ratio(Subject.ONNX_ROCKSDB.title()),
                Comparison.ratio(Subject.STREAMCELL.title()));
    }

    @Override
    public List<Series> measure(Setting setting) throws Exception {
        List<List<Trial>> cases = new ArrayList<>();
        cases.add(trials(setting, new Workload(8, 32, 1, STREAMS, Access.UNIFORM), 6));
        cases.add(trials(setting, new Workload(64, 128, 1, STREAMS, Access.UNIFORM), 2.5));
        return setting.hold(cases, ROUNDS);
    }

    /**
     * @param share of the records for Streamcell; a call per event takes a tenth of that
     */
    private static List<Trial> trials(Setting setting, Workload workload, double share)
            throws Exception {
        SavedModel model = SavedModel.save(workload, setting.folder());
        Agreement agreement = new Agreement();
        long fewest = setting.share(share / 10);
        List<Trial> trials = new ArrayList<>();
        for (Subject subject :
                List.of(
                        Subject.STREAMCELL,
                        Subject.STREAMCELL_ROCKSDB,
                        Subject.ONNX,
                        Subject.ONNX_ROCKSDB)) {
            trials.add(
                    new MemoryTrial(
                            "memory " + workload.title(),
                            workload,
                            subject,
                            model,
                            1,
                            subject.slow() ? fewest : setting.share(share),
                            fewest,
                            agreement,
                            setting.folder().resolve("checkpoints")));
        }
        return trials;
    }
}
