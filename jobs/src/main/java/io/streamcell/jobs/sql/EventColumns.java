package io.streamcell.jobs.sql;

import io.streamcell.models.NetworkInput;
import io.streamcell.models.NetworkSignature;
import io.streamcell.operators.EventCheck;
import io.streamcell.operators.InputValues;
import io.streamcell.operators.Reason;
import io.streamcell.operators.RejectedEventException;
import io.streamcell.operators.StreamEvent;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeFamily;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.utils.LogicalTypeChecks;

/** Where the parts of an event stand in the rows of a table. */
final class EventColumns implements Serializable {
    /**
     * The names of the columns.
     *
     * @param stream whose event it is
     * @param features in the network's order, or by its inputs' names where it has several
     * @param time event time of the row's last timestep; null where there is none
     * @param timestep number of the row's first timestep; null where rows are not numbered
     * @param reset whether the stream is reset before the row; null where none is
     */
    record Names(
            String stream, List<String> features, String time, String timestep, String reset) {}

    private static final long serialVersionUID = 1;
    private static final int NONE = -1;

    private final List<NetworkInput> inputs;

    /** An input's at its place where there are several. */
    private final List<FeatureColumn> features = new ArrayList<>();

    private final int stream;
    private final int time;
    private final int timePrecision;
    private final int timestep;
    private final boolean longTimestep;
    private final int reset;

    private EventColumns(RowType row, Names names, NetworkSignature signature) {
        inputs = signature.inputs();
        stream = Columns.index(row, names.stream, "the stream", LogicalTypeFamily.CHARACTER_STRING);
        time = names.time == null ? NONE : Columns.index(row, names.time);
        timePrecision = time == NONE ? NONE : timePrecision(row.getTypeAt(time), names.time);
        timestep =
                names.timestep == null
                        ? NONE
                        : Columns.index(
                                row,
                                names.timestep,
                                "the number of a timestep",
                                LogicalTypeFamily.INTEGER_NUMERIC);
        longTimestep = timestep != NONE && row.getTypeAt(timestep).is(LogicalTypeRoot.BIGINT);
        if (timestep != NONE
                && !longTimestep
                && !row.getTypeAt(timestep).is(LogicalTypeRoot.INTEGER)) {
            throw new ValidationException(
                    "the number of a timestep must be INT or BIGINT, got %s of column %s"
                            .formatted(row.getTypeAt(timestep), names.timestep));
        }
        reset = names.reset == null ? NONE : Columns.index(row, names.reset);
        if (reset != NONE && !row.getTypeAt(reset).is(LogicalTypeRoot.BOOLEAN)) {
            throw new ValidationException(
                    "a reset must be BOOLEAN, got %s of column %s"
                            .formatted(row.getTypeAt(reset), names.reset));
        }
        for (String name : names.features) {
            features.add(FeatureColumn.of(row, name));
        }
        checkFeatures();
        if (inputs.size() > 1) {
            List<String> order = inputs.stream().map(NetworkInput::name).toList();
            features.sort(Comparator.comparingInt(feature -> order.indexOf(feature.name())));
        }
    }

    /**
     * @throws ValidationException if a column is missing, or does not hold what it is named for
     */
    static EventColumns of(RowType row, Names names, NetworkSignature signature) {
        return new EventColumns(row, names, signature);
    }

    /** The precision of a timestamp, or {@code NONE} for epoch milliseconds. */
    private static int timePrecision(LogicalType type, String name) {
        if (type.is(LogicalTypeRoot.BIGINT)) {
            return NONE;
        }
        Columns.check(type, name, "event time, unless it is BIGINT,", LogicalTypeFamily.TIMESTAMP);
        return LogicalTypeChecks.getPrecision(type);
    }

    private void checkFeatures() {
        if (inputs.size() > 1) {
            List<String> wanted = inputs.stream().map(NetworkInput::name).toList();
            List<String> given = features.stream().map(FeatureColumn::name).toList();
            if (!given.containsAll(wanted) || given.size() != wanted.size()) {
                throw new ValidationException(
                        "columns of features must be %s as the model's inputs, got %s"
                                .formatted(wanted, given));
            }
            return;
        }
        int width = inputs.get(0).shape().width();
        if (areNumbers()) {
            if (features.size() != width) {
                throw new ValidationException(
                        "columns of features must be %d as in the model's input %s, got %s"
                                .formatted(
                                        width,
                                        inputs.get(0).name(),
                                        features.stream().map(FeatureColumn::name).toList()));
            }
        } else if (features.size() != 1) {
            throw new ValidationException(
                    "columns of features must be numbers, or one array, got "
                            + features.stream().map(FeatureColumn::name).toList());
        }
    }

    private boolean areNumbers() {
        return features.stream().allMatch(FeatureColumn::isNumber);
    }

    /**
     * Whose row it is.
     *
     * @throws RejectedEventException if that is NULL
     */
    String stream(RowData row) {
        if (row.isNullAt(stream)) {
            throw new RejectedEventException(
                    Reason.STREAM, "a row must say whose it is, got NULL in the stream's column");
        }
        return row.getString(stream).toString();
    }

    /**
     * What happens to a stream by a row: a reset, a chunk, or the one before the other.
     *
     * @param stream whose row it is
     * @throws RejectedEventException if it is no chunk; then there is no reset before it, either
     */
    List<StreamEvent> events(String stream, RowData row, EventCheck check) {
        boolean resets = resets(row);
        boolean onlyResets = resets && features.stream().allMatch(feature -> feature.isNull(row));
        if (onlyResets) {
            return List.of(check.check(StreamEvent.reset(stream)));
        }
        StreamEvent chunk = check.check(chunk(stream, row));
        return resets ? List.of(check.check(StreamEvent.reset(stream)), chunk) : List.of(chunk);
    }

    private boolean resets(RowData row) {
        return reset != NONE && !row.isNullAt(reset) && row.getBoolean(reset);
    }

    /** Of one timestep where its features are numbers. */
    private StreamEvent chunk(String stream, RowData row) {
        StreamEvent chunk = StreamEvent.chunk(stream, values(row));
        if (timestep != NONE && !row.isNullAt(timestep)) {
            long number = longTimestep ? row.getLong(timestep) : row.getInt(timestep);
            if (number < 0) {
                throw new RejectedEventException(
                        Reason.NUMBER,
                        "the number of a timestep must be at least 0, got " + number);
            }
            chunk = chunk.withStart(number);
        }
        return time == NONE || row.isNullAt(time) ? chunk : chunk.withTimes(time(row));
    }

    private long time(RowData row) {
        return timePrecision == NONE
                ? row.getLong(time)
                : row.getTimestamp(time, timePrecision).getMillisecond();
    }

    private List<InputValues> values(RowData row) {
        if (inputs.size() == 1) {
            if (features.size() == 1) {
                return List.of(features.get(0).values(row, inputs.get(0), null));
            }
            float[] values = new float[features.size()];
            for (int k = 0; k < values.length; k++) {
                values[k] = features.get(k).number(row);
            }
            return List.of(new InputValues(null, values, 1, values.length));
        }
        List<InputValues> values = new ArrayList<>(inputs.size());
        for (int k = 0; k < inputs.size(); k++) {
            NetworkInput input = inputs.get(k);
            values.add(features.get(k).values(row, input, input.name()));
        }
        return values;
    }
}
