package io.streamcell.jobs.savepoints;

import io.streamcell.jobs.files.Lines;
import io.streamcell.jobs.formats.StateRecord;
import io.streamcell.jobs.json.FlatRow;
import io.streamcell.jobs.json.JsonEventReader;
import io.streamcell.jobs.json.UnknownFields;
import io.streamcell.operators.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.src.reader.SimpleStreamFormat;
import org.apache.flink.connector.file.src.reader.StreamFormat;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.metrics.SimpleCounter;

/** A file with one state record on each line, in JSON; blank lines are skipped. */
final class StateLines extends SimpleStreamFormat<SavedStream> {
    private static final long serialVersionUID = 1;

    private final String file;
    private final GivenModel model;

    StateLines(String file, GivenModel model) {
        this.file = file;
        this.model = model;
    }

    @Override
    public StreamFormat.Reader<SavedStream> createReader(
            Configuration config, FSDataInputStream stream) {
        Records records = new Records(stream);
        return new StreamFormat.Reader<>() {
            @Override
            public SavedStream read() throws IOException {
                StateRecord record = records.next();
                return record == null ? null : model.stream(record);
            }

            @Override
            public void close() throws IOException {
                records.close();
            }
        };
    }

    @Override
    public TypeInformation<SavedStream> getProducedType() {
        return SavedStream.TYPE;
    }

    /** The records of a file. Owns the stream. */
    final class Records implements AutoCloseable {
        private final Lines lines;
        private final JsonEventReader reader =
                new JsonEventReader(
                        model.check(), new UnknownFields(new SimpleCounter()), FlatRow.NONE);

        Records(InputStream stream) {
            lines = new Lines(stream);
        }

        /** The next record, or why the line is none; null at the end. */
        StateRecord next() throws IOException {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                if (!Lines.blank(line)) {
                    Origin origin = new Origin(file, Origin.NO_PARTITION, lines.number());
                    return reader.readState(null, line, List.of(), origin);
                }
            }
            return null;
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}
