package io.streamcell.jobs.sql;

import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeFamily;
import org.apache.flink.table.types.logical.RowType;

/** Finds the columns of a table by their names, and checks what they hold. */
final class Columns {
    private Columns() {}

    /**
     * @throws ValidationException if there is no such column
     */
    static int index(RowType row, String name) {
        int index = row.getFieldIndex(name);
        if (index < 0) {
            throw new ValidationException(
                    "a column must be one of the table's, %s, got %s"
                            .formatted(row.getFieldNames(), name));
        }
        return index;
    }

    /**
     * @param what the column is for, for the message
     * @throws ValidationException if there is no such column, or it holds something else
     */
    static int index(RowType row, String name, String what, LogicalTypeFamily family) {
        int index = index(row, name);
        check(row.getTypeAt(index), name, what, family);
        return index;
    }

    static void check(LogicalType type, String name, String what, LogicalTypeFamily family) {
        if (!type.is(family)) {
            throw new ValidationException(
                    "%s must be of a type of the family %s, got %s of column %s"
                            .formatted(what, family, type, name));
        }
    }
}
