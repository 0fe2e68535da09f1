package io.streamcell.jobs.replay;

import io.streamcell.jobs.formats.OutputTimes;
import io.streamcell.jobs.formats.ScoreReader.Wanted;
import io.streamcell.jobs.formats.ScoreUse;
import io.streamcell.jobs.json.ControlEventReader;
import io.streamcell.jobs.json.UnknownFields;
import io.streamcell.jobs.kafka.KafkaConnections;
import io.streamcell.jobs.kafka.ScoreDeserializer;
import io.streamcell.jobs.kafka.ScoreDeserializer.Written;
import io.streamcell.jobs.kafka.StateDeserializer;
import io.streamcell.jobs.kafka.TopicRange;
import io.streamcell.operators.ControlEvent;
import io.streamcell.operators.EventCheck;
import io.streamcell.operators.Incoming;
import io.streamcell.operators.OutputRecord;
import io.streamcell.operators.RejectedEventException;
import io.streamcell.operators.ValueTypes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.metrics.SimpleCounter;

/**
 * Topics of a job.
 *
 * @param written how scores were written, and where
 * @param states the part of the topic of states that counts, or null
 * @param statesFile a file of states in its place, or null
 * @param control the part of the control topic that counts, or null
 * @param beginsLater whether there may be events before the range
 * @param endsEarlier whether there may be events behind it
 */
public record TopicSources(
        KafkaConnections kafka,
        Written written,
        TopicRange events,
        TopicRange scores,
        TopicRange states,
        Path statesFile,
        TopicRange control,
        boolean beginsLater,
        boolean endsEarlier)
        implements ReplaySources {
    @Override
    public Source<Incoming, ?, ?> before(RecordedScan scan) {
        return kafka.part(
                scores, scores(scan.times(), Wanted.WITHOUT_VALUES, scan, ValueTypes.INCOMING));
    }

    @Override
    public Optional<Source<Incoming, ?, ?>> states(EventCheck check) {
        if (statesFile != null) {
            return Optional.of(FileSources.states(statesFile, check));
        }
        return Optional.ofNullable(states).map(range -> kafka.part(range, states(check, range)));
    }

    private StateDeserializer states(EventCheck check, TopicRange range) {
        return new StateDeserializer(
                check, written.formats(), range.topic().equals(written.scoreTopic()));
    }

    @Override
    public Source<Incoming, ?, ?> events(EventCheck check) {
        return kafka.events(events, check);
    }

    @Override
    public Source<OutputRecord, ?, ?> recorded(OutputTimes times) {
        return kafka.part(
                scores,
                scores(
                        times,
                        Wanted.EVERYTHING,
                        (score, timestamp) -> score,
                        ValueTypes.OUTPUT_RECORD));
    }

    private <T> ScoreDeserializer<T> scores(
            OutputTimes times, Wanted wanted, ScoreUse<T> use, TypeInformation<T> type) {
        return new ScoreDeserializer<>(written, times, wanted, use, type);
    }

    @Override
    public List<ControlEvent> controlEvents() throws IOException {
        List<ControlEvent> events = new ArrayList<>();
        if (control == null) {
            return events;
        }
        ControlEventReader reader = new ControlEventReader(new UnknownFields(new SimpleCounter()));
        try (TopicReader records = TopicReader.of(kafka, control)) {
            for (var record = records.next(); record != null; record = records.next()) {
                try {
                    events.add(reader.read(record.value()));
                } catch (RejectedEventException e) {
                    // It was rejected then, too.
                }
            }
        }
        return events;
    }

    @Override
    public Optional<String> label() throws IOException {
        ScoreDeserializer<String> labels =
                scores(
                        new OutputTimes(Map.of(), List.of()),
                        Wanted.WITHOUT_VALUES,
                        (score, timestamp) -> score.model(),
                        Types.STRING);
        try (TopicReader records = TopicReader.of(kafka, scores)) {
            for (var record = records.next(); record != null; record = records.next()) {
                String label = labels.readNow(record);
                if (label != null) {
                    return Optional.of(label);
                }
            }
        }
        return Optional.empty();
    }
}
