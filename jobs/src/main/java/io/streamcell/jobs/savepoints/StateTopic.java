package io.streamcell.jobs.savepoints;

import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.jobs.config.JobOptions;
import io.streamcell.jobs.formats.EventReader;
import io.streamcell.jobs.formats.StateRecord;
import io.streamcell.jobs.json.JsonRecordWriter;
import io.streamcell.jobs.kafka.RecordFormats;
import io.streamcell.jobs.kafka.WholeTopic;
import io.streamcell.operators.ExportedState;
import io.streamcell.operators.Reason;
import io.streamcell.operators.Rejected;
import io.streamcell.operators.StreamEvent;
import io.streamcell.state.StreamState;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.Configuration;

/**
 * A job's topic of states, compacted or not, alone there or among scores.
 *
 * @param configuration of the job that wrote them: where Kafka is, and in which format
 * @param model whose states are wanted
 */
public record StateTopic(Configuration configuration, String name, GivenModel model) {
    /** How many records were copied, and how many are states of other models. */
    public record Copied(long states, long ofOthers) {}

    /**
     * Copies the model's states to a file, one on each line.
     *
     * @throws ConfigurationException naming a record that cannot be read, or if there is none
     */
    public Copied copyTo(Path file) throws IOException {
        boolean amongScores =
                name.equals(configuration.get(JobOptions.OUTPUT_TOPIC))
                        && configuration
                                .getOptional(JobOptions.STATE_TOPIC)
                                .map(name::equals)
                                .orElse(true);
        EventReader reader =
                RecordFormats.of(configuration).stateReader(model.check(), amongScores);
        JsonRecordWriter json = new JsonRecordWriter();
        long[] counts = new long[2];
        try (OutputStream lines = new BufferedOutputStream(Files.newOutputStream(file))) {
            new WholeTopic(configuration, name)
                    .read(
                            (key, value, headers, origin) -> {
                                StateRecord record = reader.readState(key, value, headers, origin);
                                if (record.rejected() == null) {
                                    lines.write(json.write(exported(record)));
                                    lines.write('\n');
                                    counts[0]++;
                                } else if (record.rejected().reason() == Reason.MODEL) {
                                    counts[1]++;
                                } else if (record.rejected().reason() != Reason.EVENT) {
                                    throw unreadable(record.rejected());
                                }
                            });
        }
        if (counts[0] == 0) {
            throw new ConfigurationException(
                    "--topic must hold states of model %s, got %s with none, and %d of other models"
                            .formatted(model.served().label(), name, counts[1]));
        }
        return new Copied(counts[0], counts[1]);
    }

    private ExportedState exported(StateRecord record) {
        StreamEvent reset = record.reset();
        return new ExportedState(
                reset.stream(),
                Math.max(0, reset.next()),
                model.served().label(),
                reset.state(),
                record.givenUp() ? StreamState.EXPIRED : 0,
                List.of());
    }

    private static ConfigurationException unreadable(Rejected rejected) {
        return new ConfigurationException(
                "%s: %s".formatted(rejected.origin(), rejected.message()));
    }
}
