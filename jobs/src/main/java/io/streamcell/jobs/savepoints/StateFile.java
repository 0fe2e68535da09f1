package io.streamcell.jobs.savepoints;

import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.jobs.files.EventLines;
import io.streamcell.models.Carry;
import io.streamcell.models.NetworkSignature;
import io.streamcell.operators.EventCheck;
import io.streamcell.operators.Incoming;
import io.streamcell.operators.LayerStates;
import io.streamcell.operators.ServedModel;
import io.streamcell.operators.StreamEvent;
import io.streamcell.state.StreamState;
import java.io.IOException;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.file.src.FileSource;
import org.apache.flink.connector.file.src.enumerate.NonSplittingRecursiveEnumerator;
import org.apache.flink.connector.file.src.reader.StreamFormat;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A file of state records, one on each line.
 *
 * @param model that made the states
 */
public record StateFile(java.nio.file.Path file, ServedModel model, Carry carry) {
    /**
     * Reads the file once.
     *
     * @throws ConfigurationException naming the first line that is not a state of the model
     */
    public void check() throws IOException {
        Path path = path();
        try (StreamFormat.Reader<Incoming> reader =
                lines().createReader(new Configuration(), path.getFileSystem().open(path))) {
            for (Incoming read = reader.read(); read != null; read = reader.read()) {
                if (read.rejected() != null) {
                    throw new ConfigurationException(
                            "line %d of %s: %s"
                                    .formatted(
                                            read.rejected().origin().position(),
                                            file,
                                            read.rejected().message()));
                }
            }
        }
    }

    /** The streams that the file gives, in its order; for a file that is checked. */
    public DataStream<SavedStream> streams(StreamExecutionEnvironment environment) {
        FileSource<Incoming> source =
                FileSource.forRecordStreamFormat(lines(), path())
                        .setFileEnumerator(() -> new NonSplittingRecursiveEnumerator(any -> true))
                        .build();
        NetworkSignature signature = model.signature();
        return environment
                .fromSource(source, WatermarkStrategy.noWatermarks(), "states")
                .setParallelism(1)
                .map(incoming -> given(incoming.event(), signature))
                .returns(SavedStream.TYPE)
                .setParallelism(1);
    }

    private static SavedStream given(StreamEvent reset, NetworkSignature signature) {
        float[] floats = LayerStates.vector(reset.state(), signature.layout());
        StreamState state =
                new StreamState(
                        reset.next(),
                        StreamState.NO_TIME,
                        StreamState.RESET,
                        List.of(new StreamState.Vector(signature.fingerprint(), floats)));
        return new SavedStream(reset.stream(), state, true);
    }

    private EventLines lines() {
        return EventLines.ofStates(
                file.toString(), new EventCheck(model.signature(), carry, model.precision()));
    }

    private Path path() {
        return Path.fromLocalFile(file.toAbsolutePath().toFile());
    }
}
