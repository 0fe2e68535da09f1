package io.streamcell.jobs.sql;

import io.streamcell.models.NetworkInput;
import io.streamcell.operators.InputValues;
import io.streamcell.operators.Reason;
import io.streamcell.operators.RejectedEventException;
import java.io.Serializable;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.DecimalData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeFamily;
import org.apache.flink.table.types.logical.RowType;

/**
 * A column of features: a number, one feature of the row's timestep; an array of numbers, a
 * timestep, or as many as it has numbers where the network has one feature; or an array of such
 * arrays, a chunk. Doubles and decimals become the nearest float32.
 */
final class FeatureColumn implements Serializable {
    private static final long serialVersionUID = 1;

    /** What a value of the column is. */
    private enum Kind {
        NUMBER,
        ARRAY,
        ARRAYS
    }

    private final String name;
    private final Kind kind;
    private final RowData.FieldGetter field;

    /** Of the inner array where there are two; null for a number. */
    private final ArrayData.ElementGetter number;

    private FeatureColumn(
            String name, Kind kind, RowData.FieldGetter field, ArrayData.ElementGetter number) {
        this.name = name;
        this.kind = kind;
        this.field = field;
        this.number = number;
    }

    /**
     * @throws ValidationException if there is no such column, or it holds no numbers
     */
    static FeatureColumn of(RowType row, String name) {
        int index = Columns.index(row, name);
        LogicalType type = row.getTypeAt(index);
        RowData.FieldGetter field = RowData.createFieldGetter(type, index);
        if (isNumber(type)) {
            return new FeatureColumn(name, Kind.NUMBER, field, null);
        }
        if (type instanceof ArrayType outer) {
            LogicalType element = outer.getElementType();
            if (isNumber(element)) {
                return new FeatureColumn(
                        name, Kind.ARRAY, field, ArrayData.createElementGetter(element));
            }
            if (element instanceof ArrayType inner && isNumber(inner.getElementType())) {
                return new FeatureColumn(
                        name,
                        Kind.ARRAYS,
                        field,
                        ArrayData.createElementGetter(inner.getElementType()));
            }
        }
        throw new ValidationException(
                "a column of features must be a number, an array of numbers, or an array of arrays of numbers, got %s of column %s"
                        .formatted(type, name));
    }

    private static boolean isNumber(LogicalType type) {
        return type.is(LogicalTypeFamily.NUMERIC);
    }

    boolean isNumber() {
        return kind == Kind.NUMBER;
    }

    String name() {
        return name;
    }

    boolean isNull(RowData row) {
        return field.getFieldOrNull(row) == null;
    }

    /**
     * The one feature in a row.
     *
     * @throws RejectedEventException if it is NULL
     */
    float number(RowData row) {
        return number(field.getFieldOrNull(row));
    }

    /**
     * What the column gives an input by itself.
     *
     * @throws RejectedEventException if a value is NULL, or the rows of a chunk are not equally
     *     wide
     */
    InputValues values(RowData row, NetworkInput input, String inputName) {
        Object value = field.getFieldOrNull(row);
        if (kind == Kind.NUMBER) {
            return new InputValues(inputName, new float[] {number(value)}, 1, 1);
        }
        ArrayData array = (ArrayData) notNull(value);
        if (kind == Kind.ARRAY) {
            float[] values = new float[array.size()];
            copy(array, values, 0);
            return input.shape().width() == 1 || !input.shape().timed()
                    ? InputValues.flat(inputName, values)
                    : new InputValues(inputName, values, 1, values.length);
        }
        return chunk(array, inputName);
    }

    private InputValues chunk(ArrayData rows, String inputName) {
        int width = rows.size() == 0 ? 0 : array(rows, 0).size();
        float[] values = new float[rows.size() * width];
        for (int k = 0; k < rows.size(); k++) {
            ArrayData row = array(rows, k);
            if (row.size() != width) {
                throw new RejectedEventException(
                        Reason.FEATURE_COUNT,
                        "timesteps must be equally wide, got %d and %d features in column %s"
                                .formatted(width, row.size(), name));
            }
            copy(row, values, k * width);
        }
        return new InputValues(inputName, values, rows.size(), width);
    }

    private ArrayData array(ArrayData rows, int index) {
        return notNull(rows.isNullAt(index) ? null : rows.getArray(index));
    }

    private void copy(ArrayData array, float[] values, int to) {
        for (int k = 0; k < array.size(); k++) {
            values[to + k] = number(number.getElementOrNull(array, k));
        }
    }

    private float number(Object value) {
        Object given = notNull(value);
        return given instanceof DecimalData decimal
                ? decimal.toBigDecimal().floatValue()
                : ((Number) given).floatValue();
    }

    private <T> T notNull(T value) {
        if (value == null) {
            throw new RejectedEventException(
                    Reason.FORMAT, "features must be numbers, got NULL in column " + name);
        }
        return value;
    }
}
