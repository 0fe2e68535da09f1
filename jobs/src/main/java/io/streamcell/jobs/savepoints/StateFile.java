package io.streamcell.jobs.savepoints;

import io.streamcell.jobs.config.ConfigurationException;
import io.streamcell.jobs.formats.StateRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.connector.file.src.FileSource;
import org.apache.flink.connector.file.src.enumerate.NonSplittingRecursiveEnumerator;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A file of state records, one on each line. Of several of a stream the last one counts; if that is
 * of a stream that expired, none.
 *
 * @param model that made the states
 */
public record StateFile(Path file, GivenModel model) {
    /**
     * Reads the file once.
     *
     * @throws ConfigurationException naming the first line that is not a state of the model
     */
    public void check() throws IOException {
        try (StateLines.Records records = lines().new Records(Files.newInputStream(file))) {
            for (StateRecord read = records.next(); read != null; read = records.next()) {
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

    /** The streams that the file gives; for a file that is checked. */
    public DataStream<SavedStream> streams(StreamExecutionEnvironment environment) {
        FileSource<SavedStream> source =
                FileSource.forRecordStreamFormat(
                                lines(),
                                org.apache.flink.core.fs.Path.fromLocalFile(
                                        file.toAbsolutePath().toFile()))
                        .setFileEnumerator(() -> new NonSplittingRecursiveEnumerator(any -> true))
                        .build();
        return environment
                .fromSource(source, WatermarkStrategy.noWatermarks(), "states")
                .setParallelism(1)
                .keyBy(SavedStream::stream)
                .process(new NewestState())
                .returns(SavedStream.TYPE)
                .name("newest of each stream");
    }

    private StateLines lines() {
        return new StateLines(file.toString(), model);
    }
}
