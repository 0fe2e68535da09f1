package io.streamcell.jobs.replay;

import io.streamcell.jobs.files.EventLines;
import io.streamcell.jobs.files.ScoreLines;
import io.streamcell.jobs.files.StateResets;
import io.streamcell.jobs.formats.OutputTimes;
import io.streamcell.jobs.formats.ScoreReader.Wanted;
import io.streamcell.jobs.formats.ScoreUse;
import io.streamcell.jobs.json.FlatRow;
import io.streamcell.operators.ControlEvent;
import io.streamcell.operators.EventCheck;
import io.streamcell.operators.Incoming;
import io.streamcell.operators.OutputRecord;
import io.streamcell.operators.ValueTypes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.src.FileSource;
import org.apache.flink.connector.file.src.enumerate.NonSplittingRecursiveEnumerator;
import org.apache.flink.connector.file.src.reader.StreamFormat;

/**
 * Files: events, and what the command line made of them, a JSON object on each line.
 *
 * @param states the file of state records, or null
 * @param from the first line of events, from 1
 * @param to the line behind the last
 */
public record FileSources(Path events, FlatRow fields, Path scores, Path states, long from, long to)
        implements ReplaySources {
    @Override
    public Source<Incoming, ?, ?> before(RecordedScan scan) {
        return source(
                scores, lines(scan.times(), Wanted.WITHOUT_VALUES, scan, ValueTypes.INCOMING));
    }

    @Override
    public Optional<Source<Incoming, ?, ?>> states(EventCheck check) {
        return Optional.ofNullable(states).map(file -> states(file, check));
    }

    /** The states in a file. */
    static Source<Incoming, ?, ?> states(Path file, EventCheck check) {
        return source(file, new StateResets(file.toString(), check));
    }

    @Override
    public Source<Incoming, ?, ?> events(EventCheck check) {
        return source(events, new EventLines(events.toString(), check, fields).range(from, to));
    }

    @Override
    public Source<OutputRecord, ?, ?> recorded(OutputTimes times) {
        return source(
                scores,
                lines(
                        times,
                        Wanted.EVERYTHING,
                        (score, timestamp) -> score,
                        ValueTypes.OUTPUT_RECORD));
    }

    private <T> ScoreLines<T> lines(
            OutputTimes times, Wanted wanted, ScoreUse<T> use, TypeInformation<T> type) {
        return new ScoreLines<>(scores.toString(), times, wanted, use, type);
    }

    private static <T> FileSource<T> source(Path file, StreamFormat<T> format) {
        return FileSource.forRecordStreamFormat(format, flinkPath(file))
                // Flink would skip a file whose name begins with a dot or an underscore.
                .setFileEnumerator(() -> new NonSplittingRecursiveEnumerator(path -> true))
                .build();
    }

    private static org.apache.flink.core.fs.Path flinkPath(Path file) {
        return org.apache.flink.core.fs.Path.fromLocalFile(file.toAbsolutePath().toFile());
    }

    @Override
    public List<ControlEvent> controlEvents() {
        return List.of();
    }

    @Override
    public Optional<String> label() throws IOException {
        org.apache.flink.core.fs.Path path = flinkPath(scores);
        ScoreLines<String> labels =
                lines(
                        new OutputTimes(Map.of(), List.of()),
                        Wanted.WITHOUT_VALUES,
                        (score, timestamp) -> score.model(),
                        Types.STRING);
        try (StreamFormat.Reader<String> reader =
                labels.createReader(new Configuration(), path.getFileSystem().open(path))) {
            return Optional.ofNullable(reader.read());
        }
    }

    @Override
    public boolean beginsLater() {
        return from > 1 || states != null;
    }

    @Override
    public boolean endsEarlier() {
        return to < Long.MAX_VALUE;
    }
}
