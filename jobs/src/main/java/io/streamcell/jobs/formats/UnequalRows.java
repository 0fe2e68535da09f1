package io.streamcell.jobs.formats;

import io.streamcell.operators.Reason;
import io.streamcell.operators.RejectedEventException;

/** Why rows that are not equally wide, or are empty, are no input. */
public final class UnequalRows {
    private UnequalRows() {}

    /**
     * @param name of the input, or null where the event does not name it
     * @param row the number of the first other one
     * @param columns floats in the rows before it
     * @param found floats in it
     */
    public static RejectedEventException found(String name, int row, int columns, int found) {
        String what = name == null ? "values" : name;
        return new RejectedEventException(
                Reason.FEATURE_COUNT,
                found == 0
                        ? "rows of %s must have at least one number, got none in row %d"
                                .formatted(what, row)
                        : "rows of %s must be equally wide, got %d and then %d in row %d"
                                .formatted(what, columns, found, row));
    }
}
