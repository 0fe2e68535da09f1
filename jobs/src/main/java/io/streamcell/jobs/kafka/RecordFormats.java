package io.streamcell.jobs.kafka;

import io.streamcell.jobs.avro.AvroEventReader;
import io.streamcell.jobs.avro.AvroRecords;
import io.streamcell.jobs.avro.AvroRejected;
import io.streamcell.jobs.avro.AvroScoreReader;
import io.streamcell.jobs.avro.RegistryAddress;
import io.streamcell.jobs.avro.SchemaRegistry;
import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.jobs.config.JobOptions;
import io.streamcell.jobs.config.JobOptions.Format;
import io.streamcell.jobs.float32.Float32EventReader;
import io.streamcell.jobs.float32.Float32Records;
import io.streamcell.jobs.float32.Float32ScoreReader;
import io.streamcell.jobs.formats.EventReader;
import io.streamcell.jobs.formats.OutputTimes;
import io.streamcell.jobs.formats.RecordWriter;
import io.streamcell.jobs.formats.RejectedWriter;
import io.streamcell.jobs.formats.ScoreReader;
import io.streamcell.jobs.json.FlatRow;
import io.streamcell.jobs.json.JsonEventReader;
import io.streamcell.jobs.json.JsonRecordWriter;
import io.streamcell.jobs.json.JsonRecords;
import io.streamcell.jobs.json.JsonScoreReader;
import io.streamcell.jobs.json.UnknownFields;
import io.streamcell.operators.EventCheck;
import java.io.Serializable;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.metrics.SimpleCounter;

/**
 * What a job's records look like; travels with the job to its tasks.
 *
 * @param registry of Avro's schemas, or null where there is none
 */
public record RecordFormats(Format input, Format output, FlatRow fields, RegistryAddress registry)
        implements Serializable {
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
                FlatRow.of(configuration),
                RegistryAddress.of(configuration));
    }

    /** Who reads events in a task. */
    EventReader reader(EventCheck check, UnknownFields unknown) {
        return switch (input) {
            case JSON -> new JsonEventReader(check, unknown, fields);
            case FLOAT32 -> new Float32EventReader(check);
            case AVRO -> new AvroEventReader(check, SchemaRegistry.at(registry));
        };
    }

    /**
     * Who reads states that were written.
     *
     * @param amongScores whether scores are in the same topic
     */
    public EventReader stateReader(EventCheck check, boolean amongScores) {
        UnknownFields unknown = new UnknownFields(new SimpleCounter());
        return switch (output) {
            case JSON -> new JsonEventReader(check, unknown, FlatRow.NONE);
            case FLOAT32 -> new Float32EventReader(check);
            case AVRO ->
                    amongScores
                            ? AvroEventReader.ofStatesAmongScores(
                                    check, SchemaRegistry.at(registry))
                            : AvroEventReader.ofStates(check, SchemaRegistry.at(registry));
        };
    }

    /** Who writes scores and states in a task; the topics may be one. */
    RecordWriter writer(String scoreTopic, String stateTopic) {
        return switch (output) {
            case JSON -> new JsonRecords();
            case FLOAT32 -> new Float32Records();
            case AVRO -> AvroRecords.of(SchemaRegistry.at(registry), scoreTopic, stateTopic);
        };
    }

    /** Who reads scores back in a task; the topics are those that they were written for. */
    ScoreReader scoreReader(
            OutputTimes times, ScoreReader.Wanted wanted, String scoreTopic, String stateTopic) {
        return switch (output) {
            case JSON -> new JsonScoreReader(times, wanted);
            case FLOAT32 -> new Float32ScoreReader(times, wanted);
            case AVRO -> AvroScoreReader.of(times, wanted, registry, scoreTopic, stateTopic);
        };
    }

    /** Who writes rejected events in a task; JSON where the format is for numbers alone. */
    RejectedWriter rejectedWriter(String topic) {
        return switch (output) {
            case JSON, FLOAT32 -> new JsonRecordWriter()::write;
            case AVRO -> AvroRejected.of(SchemaRegistry.at(registry), topic);
        };
    }
}
