package io.streamcell.benchmarks.pipeline;

import io.streamcell.benchmarks.pipeline.Workload.Access;
import java.util.ArrayList;
import java.util.List;

/** The operator against the SQL function, which is given one row at a time. */
final class SqlPart implements Part {
    private static final int ROUNDS = 5;
    private static final int STREAMS = 10_000;

    @Override
    public String name() {
        return "sql";
    }

    @Override
    public String title() {
        return "The SQL function SCORE beside the operator: a source in memory, %,d streams, one subtask"
                .formatted(STREAMS);
    }

    @Override
    public List<Comparison> comparisons() {
        return List.of(
                Comparison.ratio(Subject.STREAMCELL.title()),
                Comparison.ratio(Subject.STREAMCELL_ROCKSDB.title()));
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
     * @param share of the records for the operator; a row at a time takes a fifth of that
     */
    private static List<Trial> trials(Setting setting, Workload workload, double share)
            throws Exception {
        SavedModel model = SavedModel.save(workload, setting.folder());
        Agreement agreement = new Agreement();
        long fewest = setting.share(share / 5);
        List<Trial> trials = new ArrayList<>();
        for (Subject subject :
                List.of(
                        Subject.STREAMCELL,
                        Subject.STREAMCELL_ROCKSDB,
                        Subject.SQL,
                        Subject.SQL_ROCKSDB)) {
            trials.add(
                    new MemoryTrial(
                            "sql " + workload.title(),
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
