package io.streamcell.jobs.sql;

import io.streamcell.operators.EventCheck;
import io.streamcell.operators.OutputRecord;
import io.streamcell.operators.Rejected;
import io.streamcell.operators.RejectedEventException;
import io.streamcell.operators.Score;
import io.streamcell.operators.ScoringOptions;
import io.streamcell.operators.ServedModel;
import io.streamcell.operators.StreamEvent;
import io.streamcell.operators.StreamScorer;
import io.streamcell.state.StreamState;
import io.streamcell.state.StreamStateSerializer;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.annotation.Public;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.catalog.DataTypeFactory;
import org.apache.flink.table.data.MapData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.functions.FunctionContext;
import org.apache.flink.table.functions.ProcessTableFunction;
import org.apache.flink.table.functions.SpecializedFunction;
import org.apache.flink.table.functions.UserDefinedFunction;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.inference.CallContext;
import org.apache.flink.table.types.inference.StateTypeStrategy;
import org.apache.flink.table.types.inference.TypeInference;
import org.apache.flink.table.types.inference.TypeStrategies;
import org.apache.flink.table.types.utils.DataTypeUtils;
import org.apache.flink.types.ColumnList;

/**
 * The SQL function {@code SCORE}: scores the rows of a table, each against its stream's state.
 *
 * <pre>{@code
 * CREATE FUNCTION SCORE AS 'io.streamcell.jobs.sql.ScoreFunction';
 *
 * SELECT device, timestep, outputs[1][1] FROM SCORE(
 *   input => TABLE events PARTITION BY device,
 *   model => 's3://models/m.keras',
 *   features => DESCRIPTOR(value));
 * }</pre>
 *
 * <p>A row comes out for each score, the columns of its row in front; and one for each row that is
 * rejected, which says why. States, rules and bits are those of {@link
 * io.streamcell.operators.Streamcell#score}. Flink hands such a function one row at a time, so
 * streams are not computed together: a table with {@code 'connector' = 'streamcell'} is, and is
 * faster.
 */
@Public
public final class ScoreFunction extends ProcessTableFunction<RowData>
        implements SpecializedFunction {
    private static final long serialVersionUID = 1;

    /** What Flink keeps of a stream. */
    public static final class Memory {
        /** By {@link StreamStateSerializer}; null for a stream that nothing is known of. */
        public byte[] state;
    }

    private static final Map<String, StateTypeStrategy> STATE =
            Map.of(
                    "memory",
                    StateTypeStrategy.of(
                            TypeStrategies.explicit(
                                    DataTypes.STRUCTURED(
                                            Memory.class,
                                            DataTypes.FIELD("state", DataTypes.BYTES())))));

    /** Null in the function as it is registered. */
    private final ScoreCall call;

    /** What Flink hands over: rows as they lie in memory. Of use only while a query is planned. */
    private final transient List<DataType> arguments;

    private transient MetricGroup metrics;
    private transient StreamScorer scorer;
    private transient EventCheck check;
    private transient EventColumns events;
    private transient ScoreColumns scores;
    private transient DataOutputSerializer written;
    private transient DataInputDeserializer read;

    /** As it is registered: what is called comes with the call. */
    public ScoreFunction() {
        this(null, List.of());
    }

    private ScoreFunction(ScoreCall call, List<DataType> arguments) {
        this.call = call;
        this.arguments = arguments;
    }

    // The only way to say how arguments are handed over; Flink's own functions go it, too.
    @SuppressWarnings("deprecation")
    @Override
    public TypeInference getTypeInference(DataTypeFactory types) {
        TypeInference.Builder inference =
                TypeInference.newBuilder().stateTypeStrategies(new LinkedHashMap<>(STATE));
        if (call == null) {
            return inference
                    .staticArguments(ScoreCall.ARGUMENTS)
                    .outputTypeStrategy(
                            context -> Optional.of(scores(ScoreCall.of(context).model())))
                    .build();
        }
        return inference
                .typedArguments(arguments)
                .outputTypeStrategy(TypeStrategies.explicit(scores(call.model())))
                .build();
    }

    private static DataType scores(ServedModel model) {
        return DataTypes.ROW(
                        columns(model).entrySet().stream()
                                .map(each -> DataTypes.FIELD(each.getKey(), each.getValue()))
                                .toList())
                .bridgedTo(RowData.class);
    }

    /** Flink puts the row's own columns in front of them. */
    private static Map<String, DataType> columns(ServedModel model) {
        Map<String, DataType> columns = ScoreColumns.types(model.signature());
        columns.remove(ScoreColumns.STREAM);
        return columns;
    }

    @Override
    public UserDefinedFunction specialize(SpecializedContext context) {
        CallContext called = context.getCallContext();
        List<DataType> internal =
                called.getArgumentDataTypes().stream()
                        .map(DataTypeUtils::toInternalDataType)
                        .toList();
        return new ScoreFunction(ScoreCall.of(called), internal);
    }

    @Override
    public void open(FunctionContext context) {
        metrics = context.getMetricGroup();
    }

    private void begin(Context context) throws IOException {
        scorer = new StreamScorer(call.model(), call.options(), metrics, new Rows());
        check = EventCheck.of(call.model(), call.options().value(ScoringOptions.MODEL_CARRY));
        events = call.events(context.tableSemanticsFor(ScoreCall.INPUT));
        scores =
                ScoreColumns.of(
                        List.copyOf(columns(call.model()).keySet()), call.model().signature());
        written = new DataOutputSerializer(256);
        read = new DataInputDeserializer();
    }

    /** Scores a row; called by Flink. The arguments after it are those of the call. */
    public void eval(
            Context context,
            Memory memory,
            RowData row,
            StringData model,
            ColumnList features,
            ColumnList timestep,
            ColumnList reset,
            MapData options)
            throws IOException {
        if (scorer == null) {
            begin(context);
        }
        try {
            for (StreamEvent event : events.events(events.stream(row), row, check)) {
                score(event, memory);
            }
        } catch (RejectedEventException e) {
            scorer.count(e.reason());
            collect(scores.row(Rejected.of(e, null, null, null), null));
        }
    }

    private void score(StreamEvent event, Memory memory) throws IOException {
        long timestamp = event.timed() ? event.lastTime() : Long.MIN_VALUE;
        StreamState after = scorer.score(event, timestamp, state(memory));
        memory.state = after == null ? null : bytes(after);
    }

    private StreamState state(Memory memory) throws IOException {
        if (memory.state == null) {
            return null;
        }
        read.setBuffer(memory.state);
        return StreamStateSerializer.INSTANCE.deserialize(read);
    }

    private byte[] bytes(StreamState state) throws IOException {
        written.clear();
        StreamStateSerializer.INSTANCE.serialize(state, written);
        return written.getCopyOfBuffer();
    }

    @Override
    public void close() {
        if (scorer != null) {
            scorer.close();
        }
    }

    /** Makes rows of what becomes of an event. */
    private final class Rows implements StreamScorer.Results {
        @Override
        public void record(OutputRecord record) {
            collect(scores.row((Score) record, null));
        }

        @Override
        public void rejected(Rejected rejected) {
            collect(scores.row(rejected, null));
        }
    }
}
