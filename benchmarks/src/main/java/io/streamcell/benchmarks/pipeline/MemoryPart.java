package io.streamcell.benchmarks.pipeline;

import io.streamcell.benchmarks.pipeline.Workload.Access;
import java.util.ArrayList;
import java.util.List;

/**
 * The operator against one that is given each event by itself, on heap and RocksDB.
 *
 * @param against who that is
 * @param bases what every subject is set beside
 * @param fewer times fewer events than the operator, a call each, take about as long
 */
record MemoryPart(String name, String title, List<Subject> against, List<Subject> bases, int fewer)
        implements Part {
    private static final int ROUNDS = 5;
    private static final int STREAMS = 10_000;

    /** One that calls ONNX Runtime. */
    static final MemoryPart ONNX =
            new MemoryPart(
                    "memory",
                    "A source in memory, no Kafka: %,d streams at random, one subtask"
                            .formatted(STREAMS),
                    List.of(Subject.ONNX, Subject.ONNX_ROCKSDB),
                    List.of(Subject.ONNX, Subject.ONNX_ROCKSDB, Subject.STREAMCELL),
                    10);

    /** The SQL function, which is given one row at a time. */
    static final MemoryPart SQL =
            new MemoryPart(
                    "sql",
                    "The SQL function SCORE beside the operator: a source in memory, %,d streams, one subtask"
                            .formatted(STREAMS),
                    List.of(Subject.SQL, Subject.SQL_ROCKSDB),
                    List.of(Subject.STREAMCELL, Subject.STREAMCELL_ROCKSDB),
                    5);

    @Override
    public List<Comparison> comparisons() {
        return bases.stream().map(base -> Comparison.ratio(base.title())).toList();
    }

    @Override
    public List<Series> measure(Setting setting) throws Exception {
        return setting.hold(
                List.of(
                        trials(setting, new Workload(8, 32, 1, STREAMS, Access.UNIFORM), 6),
                        trials(setting, new Workload(64, 128, 1, STREAMS, Access.UNIFORM), 2.5)),
                ROUNDS);
    }

    /**
     * @param share of the records for the operator
     */
    private List<Trial> trials(Setting setting, Workload workload, double share) throws Exception {
        SavedModel model = SavedModel.save(workload, setting.folder());
        Agreement agreement = new Agreement();
        long fewest = setting.share(share / fewer);
        List<Subject> subjects =
                new ArrayList<>(List.of(Subject.STREAMCELL, Subject.STREAMCELL_ROCKSDB));
        subjects.addAll(against);
        List<Trial> trials = new ArrayList<>();
        for (Subject subject : subjects) {
            trials.add(
                    new MemoryTrial(
                            name + " " + workload.title(),
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
