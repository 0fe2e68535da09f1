package io.streamcell.jobs.files;

import io.streamcell.jobs.json.FlatRow;
import io.streamcell.jobs.json.JsonEventReader;
import io.streamcell.jobs.json.UnknownFields;
import io.streamcell.operators.EventCheck;
import io.streamcell.operators.Incoming;
import io.streamcell.operators.Origin;
import io.streamcell.operators.ValueTypes;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.src.reader.SimpleStreamFormat;
import org.apache.flink.connector.file.src.reader.StreamFormat;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.metrics.SimpleCounter;

/**
 * A file with a JSON state record on each line, each read as the reset to that state; lines that
 * are none are left out, such as scores.
 */
public final class StateResets extends SimpleStreamFormat<Incoming> {
    private static final long serialVersionUID = 1;

    private final String file;
    private final EventCheck check;

    public StateResets(String file, EventCheck check) {
        this.file = file;
        this.check = check;
    }

    @Override
    public StreamFormat.Reader<Incoming> createReader(
            Configuration config, FSDataInputStream stream) {
        return new LineReader(new Lines(stream));
    }

    @Override
    public TypeInformation<Incoming> getProducedType() {
        return ValueTypes.INCOMING;
    }

    /** Owns the lines. */
    private final class LineReader implements StreamFormat.Reader<Incoming> {
        private final Lines lines;
        private final JsonEventReader reader =
                new JsonEventReader(check, new UnknownFields(new SimpleCounter()), FlatRow.NONE);

        LineReader(Lines lines) {
            this.lines = lines;
        }

        @Override
        public Incoming read() throws IOException {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                Origin origin = new Origin(file, Origin.NO_PARTITION, lines.number());
                Optional<Incoming> reset =
                        Lines.blank(line)
                                ? Optional.empty()
                                : reader.readState(null, line, List.of(), origin).incoming();
                if (reset.isPresent()) {
                    return reset.get();
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
