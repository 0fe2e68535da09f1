package io.streamcell.jobs.files;

import io.streamcell.jobs.json.FlatRow;
import io.streamcell.jobs.json.JsonEventReader;
import io.streamcell.jobs.json.UnknownFields;
import io.streamcell.operators.EventCheck;
import io.streamcell.operators.Incoming;
import io.streamcell.operators.Origin;
import io.streamcell.operators.ValueTypes;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.src.reader.SimpleStreamFormat;
import org.apache.flink.connector.file.src.reader.StreamFormat;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.metrics.SimpleCounter;

/**
 * A file with one JSON event on each line; blank lines are skipped. It is read in one piece, so
 * lines keep their order.
 */
public final class EventLines extends SimpleStreamFormat<Incoming> {
    private static final long serialVersionUID = 1;

    private final String file;
    private final EventCheck check;
    private final FlatRow fields;
    private final long first;
    private final long end;

    /**
     * @param file as rejected records name it
     */
    public EventLines(String file, EventCheck check, FlatRow fields) {
        this(file, check, fields, 1, Long.MAX_VALUE);
    }

    private EventLines(String file, EventCheck check, FlatRow fields, long first, long end) {
        this.file = file;
        this.check = check;
        this.fields = fields;
        this.first = first;
        this.end = end;
    }

    /**
     * The lines from one to another alone.
     *
     * @param from number of the first, from 1
     * @param to number of the line behind the last
     */
    public EventLines range(long from, long to) {
        return new EventLines(file, check, fields, from, to);
    }

    @Override
    public StreamFormat.Reader<Incoming> createReader(
            Configuration config, FSDataInputStream stream) {
        return new LineReader(stream);
    }

    @Override
    public TypeInformation<Incoming> getProducedType() {
        return ValueTypes.INCOMING;
    }

    /** Owns the stream. */
    private final class LineReader implements StreamFormat.Reader<Incoming> {
        private final Lines lines;
        private final JsonEventReader events;

        LineReader(InputStream stream) {
            this.events =
                    new JsonEventReader(check, new UnknownFields(new SimpleCounter()), fields);
            this.lines = new Lines(stream);
        }

        @Override
        public Incoming read() throws IOException {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                if (lines.number() >= end) {
                    return null;
                }
                if (lines.number() >= first && !Lines.blank(line)) {
                    Origin origin = new Origin(file, Origin.NO_PARTITION, lines.number());
                    return events.read(null, line, List.of(), origin);
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
