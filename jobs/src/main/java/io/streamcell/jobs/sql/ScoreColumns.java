package io.streamcell.jobs.sql;

import io.streamcell.models.NetworkOutput;
import io.streamcell.models.NetworkSignature;
import io.streamcell.operators.Flags;
import io.streamcell.operators.OutputValues;
import io.streamcell.operators.Rejected;
import io.streamcell.operators.Score;
import java.io.Serializable;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.utils.LogicalTypeCasts;

/** What a score is in a row: some of the columns that there can be, by their names. */
final class ScoreColumns implements Serializable {
    /** The stream's id. */
    static final String STREAM = "stream_id";

    /** Number of the score's first timestep. */
    static final String TIMESTEP = "timestep";

    /** Event time of the score's last timestep, where it has one. */
    static final String TIME = "event_time";

    /** The network's outputs: rows of numbers; a row of those by name where there are several. */
    static final String OUTPUTS = "outputs";

    /** What stands in a score record as its model. */
    static final String MODEL = "model";

    /** What happened before the score's first timestep. */
    static final String FLAGS = "flags";

    /** Why an event was rejected, for programs; NULL for a score. */
    static final String REJECTED = "rejected";

    /** Why an event was rejected, for people; NULL for a score. */
    static final String MESSAGE = "message";

    private static final long serialVersionUID = 1;

    private final List<String> names;
    private final boolean named;

    private ScoreColumns(List<String> names, boolean named) {
        this.names = List.copyOf(names);
        this.named = named;
    }

    /** Every column of a network's scores, with its type. */
    static Map<String, DataType> types(NetworkSignature signature) {
        Map<String, DataType> types = new LinkedHashMap<>();
        types.put(STREAM, DataTypes.STRING());
        types.put(TIMESTEP, DataTypes.BIGINT());
        types.put(TIME, DataTypes.TIMESTAMP_LTZ(3));
        types.put(OUTPUTS, outputs(signature));
        types.put(MODEL, DataTypes.STRING());
        types.put(FLAGS, DataTypes.ARRAY(DataTypes.STRING()));
        types.put(REJECTED, DataTypes.STRING());
        types.put(MESSAGE, DataTypes.STRING());
        return types;
    }

    private static DataType outputs(NetworkSignature signature) {
        List<NetworkOutput> outputs = signature.outputs();
        return signature.namedOutputs()
                ? DataTypes.ROW(
                        outputs.stream()
                                .map(each -> DataTypes.FIELD(each.name(), output(each)))
                                .toList())
                : output(outputs.get(0));
    }

    private static DataType output(NetworkOutput output) {
        DataType type = DataTypes.FLOAT();
        for (int depth = 0; depth <= output.shape().dims().size(); depth++) {
            type = DataTypes.ARRAY(type);
        }
        return type;
    }

    /** Those of the names, in their order. */
    static ScoreColumns of(List<String> names, NetworkSignature signature) {
        return new ScoreColumns(names, signature.namedOutputs());
    }

    /**
     * Those that a table declares.
     *
     * @throws ValidationException if there is no such column, or it has another type
     */
    static ScoreColumns declared(RowType row, NetworkSignature signature) {
        Map<String, DataType> types = types(signature);
        for (RowType.RowField field : row.getFields()) {
            DataType type = types.get(field.getName());
            if (type == null) {
                throw new ValidationException(
                        "a column of scores must be one of %s, got %s"
                                .formatted(types.keySet(), field.getName()));
            }
            if (!LogicalTypeCasts.supportsAvoidingCast(type.getLogicalType(), field.getType())) {
                throw new ValidationException(
                        "column %s must be %s, as the model's scores are, got %s"
                                .formatted(
                                        field.getName(),
                                        type.getLogicalType().asSummaryString(),
                                        field.getType().asSummaryString()));
            }
        }
        return of(row.getFieldNames(), signature);
    }

    /** Whether rejected events are rows, too. */
    boolean haveRejected() {
        return names.contains(REJECTED) || names.contains(MESSAGE);
    }

    /**
     * A score as a row of its own.
     *
     * @param time event time where the score has none, or null
     */
    RowData row(Score score, Long time) {
        GenericRowData row = new GenericRowData(names.size());
        for (int k = 0; k < names.size(); k++) {
            row.setField(k, value(names.get(k), score, time));
        }
        return row;
    }

    private Object value(String name, Score score, Long time) {
        return switch (name) {
            case STREAM -> StringData.fromString(score.stream());
            case TIMESTEP -> score.start();
            case TIME ->
                    timestamp(score.times().length == 0 ? time : Long.valueOf(score.lastTime()));
            case OUTPUTS -> named ? byName(score.outputs()) : rows(score.outputs().get(0));
            case MODEL -> StringData.fromString(score.model());
            case FLAGS -> flags(score.flags());
            default -> null;
        };
    }

    private static TimestampData timestamp(Long time) {
        return time == null ? null : TimestampData.fromEpochMillis(time);
    }

    /**
     * A rejected event as a row.
     *
     * @param time event time, or null
     */
    RowData row(Rejected rejected, Long time) {
        GenericRowData row = new GenericRowData(names.size());
        for (int k = 0; k < names.size(); k++) {
            row.setField(
                    k,
                    switch (names.get(k)) {
                        case STREAM -> StringData.fromString(rejected.stream());
                        case TIME -> timestamp(time);
                        case REJECTED -> StringData.fromString(rejected.reason().toString());
                        case MESSAGE -> StringData.fromString(rejected.message());
                        default -> null;
                    });
        }
        return row;
    }

    private static RowData byName(List<OutputValues> outputs) {
        GenericRowData row = new GenericRowData(outputs.size());
        for (int k = 0; k < outputs.size(); k++) {
            row.setField(k, rows(outputs.get(k)));
        }
        return row;
    }

    private static ArrayData rows(OutputValues output) {
        int[] sizes = new int[1 + output.dims().size()];
        sizes[0] = output.rows();
        for (int k = 1; k < sizes.length; k++) {
            sizes[k] = output.dims().get(k - 1);
        }
        int count = Arrays.stream(sizes).reduce(1, (a, b) -> a * b);
        return nested(output.values(), 0, count, sizes, 0);
    }

    /**
     * @param depth of the sizes from which on the values are nested
     */
    private static ArrayData nested(float[] values, int from, int count, int[] sizes, int depth) {
        if (depth == sizes.length - 1) {
            return new GenericArrayData(Arrays.copyOfRange(values, from, from + count));
        }
        Object[] parts = new Object[sizes[depth]];
        int each = count / Math.max(1, parts.length);
        for (int k = 0; k < parts.length; k++) {
            parts[k] = nested(values, from + k * each, each, sizes, depth + 1);
        }
        return new GenericArrayData(parts);
    }

    private static ArrayData flags(int flags) {
        return new GenericArrayData(
                Flags.names(flags).stream().map(StringData::fromString).toArray());
    }
}
