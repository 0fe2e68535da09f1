package io.streamcell.jobs.sql;

import io.streamcell.operators.EventCheck;
import io.streamcell.operators.Incoming;
import io.streamcell.operators.Rejected;
import io.streamcell.operators.RejectedEventException;
import io.streamcell.operators.StreamEvent;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.table.data.RowData;
import org.apache.flink.util.Collector;

/** Makes events of the rows of a table: a reset, a chunk, or the one before the other. */
final class RowEvents implements FlatMapFunction<RowData, Incoming> {
    private static final long serialVersionUID = 1;

    private final EventColumns columns;
    private final EventCheck check;

    RowEvents(EventColumns columns, EventCheck check) {
        this.columns = columns;
        this.check = check;
    }

    @Override
    public void flatMap(RowData row, Collector<Incoming> out) {
        String stream = null;
        try {
            stream = columns.stream(row);
            for (StreamEvent event : columns.events(stream, row, check)) {
                out.collect(Incoming.of(event));
            }
        } catch (RejectedEventException e) {
            out.collect(Incoming.of(Rejected.of(e, null, stream, null)));
        }
    }
}
