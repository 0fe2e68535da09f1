package io.streamcell.jobs.sql;

import io.streamcell.jobs.ScoringJob;
import io.streamcell.operators.Incoming;
import io.streamcell.operators.ValueTypes;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSink;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.sink.DataStreamSinkProvider;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.data.RowData;

/** A table that is written to: its rows are events, whose scores the operator sends to a topic. */
final class EventsSink implements DynamicTableSink {
    private final ScoringJob job;
    private final RowEvents events;

    EventsSink(ScoringJob job, RowEvents events) {
        this.job = job;
        this.events = events;
    }

    @Override
    public ChangelogMode getChangelogMode(ChangelogMode requested) {
        return ChangelogMode.insertOnly();
    }

    @Override
    public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
        return new DataStreamSinkProvider() {
            @Override
            public DataStreamSink<?> consumeDataStream(
                    ProviderContext provider, DataStream<RowData> rows) {
                return sink(rows);
            }
        };
    }

    private DataStreamSink<?> sink(DataStream<RowData> rows) {
        job.checkFits(rows.getExecutionEnvironment());
        // As many subtasks as the query has: a redistribution would mix a stream's rows up.
        DataStream<Incoming> incoming =
                rows.flatMap(events)
                        .returns(ValueTypes.INCOMING)
                        .name("to events")
                        .setParallelism(rows.getParallelism())
                        .uid("streamcell-to-events");
        ScoringJob.Output output = job.output(job.score(incoming));
        // One sink, since of a table no more than one is kept.
        return output.records()
                .union(output.rejected())
                .sinkTo(job.kafka().sink("scores"))
                .name("scores")
                .uid("streamcell-scores");
    }

    @Override
    public DynamicTableSink copy() {
        return new EventsSink(job, events);
    }

    @Override
    public String asSummaryString() {
        return "Streamcell: events for " + job.name();
    }
}
