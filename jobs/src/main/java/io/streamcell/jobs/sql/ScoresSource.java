package io.streamcell.jobs.sql;

import io.streamcell.jobs.ScoringJob;
import io.streamcell.operators.Scored;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.source.DataStreamScanProvider;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.abilities.SupportsSourceWatermark;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;

/** A table that is read: its rows are the scores of a topic's events, by the operator. */
final class ScoresSource implements ScanTableSource, SupportsSourceWatermark {
    private final ScoringJob job;
    private final DataType row;
    private final ScoreColumns columns;

    /**
     * @param row the table's columns
     */
    ScoresSource(ScoringJob job, DataType row) {
        this.job = job;
        this.row = row;
        this.columns =
                ScoreColumns.declared((RowType) row.getLogicalType(), job.model().signature());
    }

    @Override
    public ChangelogMode getChangelogMode() {
        return ChangelogMode.insertOnly();
    }

    @Override
    public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
        TypeInformation<RowData> type = context.createTypeInformation(row);
        return new DataStreamScanProvider() {
            @Override
            public DataStream<RowData> produceDataStream(
                    ProviderContext provider, StreamExecutionEnvironment environment) {
                Scored scored = job.score(job.events(environment));
                return scored.records()
                        .connect(scored.rejected())
                        .process(new ScoreRows(columns), type)
                        .name("to rows")
                        .uid("streamcell-to-rows");
            }

            @Override
            public boolean isBounded() {
                return false;
            }
        };
    }

    /** Event time comes from the job's own source. */
    @Override
    public void applySourceWatermark() {}

    @Override
    public DynamicTableSource copy() {
        return new ScoresSource(job, row);
    }

    @Override
    public String asSummaryString() {
        return "Streamcell: scores of " + job.name();
    }
}
