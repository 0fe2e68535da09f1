package io.streamcell.jobs.files;

import io.streamcell.jobs.formats.OutputTimes;
import io.streamcell.jobs.formats.ScoreReader.Wanted;
import io.streamcell.jobs.formats.ScoreUse;
import io.streamcell.jobs.json.JsonScoreReader;
import io.streamcell.operators.Score;
import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.src.reader.SimpleStreamFormat;
import org.apache.flink.connector.file.src.reader.StreamFormat;
import org.apache.flink.core.fs.FSDataInputStream;

/** A file with one JSON score on each line; states and blank lines are skipped. */
public final class ScoreLines<T> extends SimpleStreamFormat<T> {
    private static final long serialVersionUID = 1;

    private final String file;
    private final OutputTimes times;
    private final Wanted wanted;
    private final ScoreUse<T> use;
    private final TypeInformation<T> type;

    /**
     * @param file as messages name it
     */
    public ScoreLines(
            String file,
            OutputTimes times,
            Wanted wanted,
            ScoreUse<T> use,
            TypeInformation<T> type) {
        this.file = file;
        this.times = times;
        this.wanted = wanted;
        this.use = use;
        this.type = type;
    }

    @Override
    public StreamFormat.Reader<T> createReader(Configuration config, FSDataInputStream stream) {
        return new LineReader(new Lines(stream));
    }

    @Override
    public TypeInformation<T> getProducedType() {
        return type;
    }

    /** Owns the lines. */
    private final class LineReader implements StreamFormat.Reader<T> {
        private final Lines lines;
        private final JsonScoreReader scores = new JsonScoreReader(times, wanted);

        LineReader(Lines lines) {
            this.lines = lines;
        }

        @Override
        public T read() throws IOException {
            for (byte[] line = lines.next(); line != null; line = lines.next()) {
                T made = Lines.blank(line) ? null : made(line);
                if (made != null) {
                    return made;
                }
            }
            return null;
        }

        private T made(byte[] line) throws IOException {
            try {
                Score score = scores.read(null, line, List.of());
                return score == null ? null : use.of(score, Long.MIN_VALUE);
            } catch (IOException e) {
                throw new IOException(
                        "%s in line %d of %s".formatted(e.getMessage(), lines.number(), file), e);
            }
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}
