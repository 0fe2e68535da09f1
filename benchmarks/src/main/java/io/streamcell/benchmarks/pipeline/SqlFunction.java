package io.streamcell.benchmarks.pipeline;

import io.streamcell.jobs.sql.ScoreFunction;
import io.streamcell.operators.Incoming;
import io.streamcell.operators.InputValues;
import io.streamcell.operators.OutputRecord;
import io.streamcell.operators.OutputValues;
import io.streamcell.operators.Rejected;
import io.streamcell.operators.Score;
import io.streamcell.operators.Scored;
import io.streamcell.operators.ValueTypes;
import java.util.List;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;

/** The same network through {@code SCORE}, with rows made of the events and scores of the rows. */
final class SqlFunction {
    private SqlFunction() {}

    static Scored score(DataStream<Incoming> incoming, SavedModel model) {
        StreamTableEnvironment sql =
                StreamTableEnvironment.create(incoming.getExecutionEnvironment());
        sql.createTemporarySystemFunction("SCORE", ScoreFunction.class);
        DataStream<Row> rows =
                incoming.map(SqlFunction::row)
                        .returns(
                                Types.ROW_NAMED(
                                        new String[] {"device", "timestep"},
                                        Types.STRING,
                                        PrimitiveArrayTypeInfo.FLOAT_PRIMITIVE_ARRAY_TYPE_INFO));
        sql.createTemporaryView("events", rows);
        String label = model.served().label();
        DataStream<OutputRecord> scores =
                sql.toDataStream(
                                sql.sqlQuery(
                                        """
                                        SELECT device, outputs FROM SCORE(
                                          input => TABLE events PARTITION BY device,
                                          model => '%s', features => DESCRIPTOR(timestep))"""
                                                .formatted(model.served().reference().uri())))
                        .map(row -> score(row, label))
                        .returns(ValueTypes.OUTPUT_RECORD);
        DataStream<Rejected> none =
                scores.<Rejected>flatMap((score, out) -> {}).returns(ValueTypes.REJECTED);
        return new Scored(scores, none);
    }

    private static Row row(Incoming incoming) {
        InputValues values = incoming.event().inputs().get(0);
        return Row.of(incoming.event().stream(), values.values());
    }

    private static OutputRecord score(Row row, String label) {
        Float[] numbers = row.<Float[][]>getFieldAs("outputs")[0];
        float[] values = new float[numbers.length];
        for (int k = 0; k < values.length; k++) {
            values[k] = numbers[k];
        }
        OutputValues output = new OutputValues(null, values, 1, true, List.of(values.length));
        return new Score(
                row.getFieldAs("device"), 0, new long[0], List.of(output), label, 0, List.of());
    }
}
