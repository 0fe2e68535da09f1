package io.streamcell.jobs.kafka;

import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.jobs.config.JobOptions;
import io.streamcell.jobs.config.JobOptions.Format;
import io.streamcell.jobs.float32.Float32EventReader;
import io.streamcell.jobs.float32.Float32Records;
import io.streamcell.jobs.formats.EventReader;
import io.streamcell.jobs.formats.RecordWriter;
import io.streamcell.jobs.json.FlatRow;
import io.streamcell.jobs.json.JsonEventReader;
import io.streamcell.jobs.json.JsonRecords;
import io.streamcell.jobs.json.UnknownFields;
import io.streamcell.operators.EventCheck;
import java.io.Serializable;
import org.apache.flink.configuration.ReadableConfig;

/** What a job's records look like; travels with the job to its tasks. */
public record RecordFormats(Format input, Format output, FlatRow fields) implements Serializable {
    private static final long serialVersionUID = 1;

    /**
     * @throws ConfigurationException if flat rows are not JSON
     */
    public RecordFormats {
        if (!fields.equals(FlatRow.NONE) && input != Format.JSON) {
            throw new ConfigurationException(
                    "input.format must be json where input.features name the fields of a row, got "
                            + input);
        }
    }

    /**
     * What the options say.
     *
     * @throws ConfigurationException if they do not belong together
     */
    public static RecordFormats of(ReadableConfig configuration) {
        return new RecordFormats(
                configuration.get(JobOptions.INPUT_FORMAT),
                configuration.get(JobOptions.OUTPUT_FORMAT),
                FlatRow.of(configuration));
    }

    /** Who reads events in a task. */
    EventReader reader(EventCheck check, UnknownFields unknown) {
        return switch (input) {
            case JSON -> new JsonEventReader(check, unknown, fields);
            case FLOAT32 -> new Float32EventReader(check);
        };
    }

    /** Who writes records in a task. */
    RecordWriter writer() {
        return switch (output) {
            case JSON -> new JsonRecords();
            case FLOAT32 -> new Float32Records();
        };
    }
}
