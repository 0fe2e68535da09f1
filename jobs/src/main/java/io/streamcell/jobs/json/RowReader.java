package io.streamcell.jobs.json;

import com.fasterxml.jackson.core.JsonParser;
import io.streamcell.jobs.formats.EventDraft;
import io.streamcell.operators.InputValues;
import io.streamcell.operators.Reason;
import io.streamcell.operators.RejectedEventException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gathers the features of a flat row in the network's order. Not for use by several threads. */
final class RowReader {
    private final List<String> features;
    private final Map<String, Integer> columns = new HashMap<>();
    private final ValuesReader values;
    private final BitSet seen = new BitSet();
    private float[] row;

    RowReader(FlatRow fields, ValuesReader values) {
        this.features = fields.features();
        this.values = values;
        for (String feature : features) {
            columns.put(feature, columns.size());
        }
    }

    /** Starts a row. */
    void clear() {
        seen.clear();
        row = new float[features.size()];
    }

    /**
     * Takes the field's value in if it is a feature; whether it is one.
     *
     * @throws RejectedEventException if it is not a number
     */
    boolean take(JsonParser parser, String field) throws IOException {
        Integer column = columns.get(field);
        if (column == null) {
            return false;
        }
        row[column] = values.feature(parser, field);
        seen.set(column);
        return true;
    }

    /**
     * Makes the row the event's values, if there was one.
     *
     * @throws RejectedEventException if a feature is missing, or there are values beside the row
     */
    void finish(EventDraft draft) {
        if (seen.isEmpty()) {
            return;
        }
        if (draft.values != null || draft.inputs != null) {
            throw new RejectedEventException(
                    Reason.INPUTS, "a row must have its features alone, got values beside them");
        }
        if (seen.cardinality() < features.size()) {
            List<String> missing = new ArrayList<>(features);
            missing.removeIf(feature -> seen.get(columns.get(feature)));
            throw new RejectedEventException(
                    Reason.FEATURE_COUNT,
                    "a row must have every field of input.features, got none of " + missing);
        }
        draft.values = new InputValues(null, row, 1, row.length);
    }
}
