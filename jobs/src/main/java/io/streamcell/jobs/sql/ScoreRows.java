package io.streamcell.jobs.sql;

import io.streamcell.jobs.kafka.RejectedLog;
import io.streamcell.operators.OutputRecord;
import io.streamcell.operators.Rejected;
import io.streamcell.operators.Score;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.co.CoProcessFunction;
import org.apache.flink.table.data.RowData;
import org.apache.flink.util.Collector;

/**
 * Makes rows of scores, and of rejected events where there is a column for why; else they are
 * logged. Exported states are left out: a table has no column for them.
 */
final class ScoreRows extends CoProcessFunction<OutputRecord, Rejected, RowData> {
    private static final long serialVersionUID = 1;

    private final ScoreColumns columns;
    private final RejectedLog<RowData> log =
            new RejectedLog<>("a column named %s keeps them".formatted(ScoreColumns.REJECTED));

    ScoreRows(ScoreColumns columns) {
        this.columns = columns;
    }

    @Override
    public void open(OpenContext context) {
        log.open(context);
    }

    @Override
    public void processElement1(OutputRecord record, Context context, Collector<RowData> out) {
        if (record instanceof Score score) {
            out.collect(columns.row(score, context.timestamp()));
        }
    }

    @Override
    public void processElement2(Rejected rejected, Context context, Collector<RowData> out) {
        if (columns.haveRejected()) {
            out.collect(columns.row(rejected, context.timestamp()));
        } else {
            log.flatMap(rejected, out);
        }
    }
}
