package io.streamcell.jobs.files;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/**
 * Writes each record as one line of a local file, for bounded jobs; with one subtask, streams keep
 * their order.
 */
public final class LineSink implements Sink<byte[]> {
    private static final long serialVersionUID = 1;

    private final String file;

    public LineSink(Path file) {
        this.file = file.toString();
    }

    @Override
    public SinkWriter<byte[]> createWriter(WriterInitContext context) throws IOException {
        OutputStream target = Files.newOutputStream(Path.of(file));
        return new LineWriter(file, target, new BufferedOutputStream(target));
    }

    /** Owns the open file. */
    private record LineWriter(String file, OutputStream target, OutputStream buffer)
            implements SinkWriter<byte[]> {
        @Override
        public void write(byte[] record, Context context) throws IOException {
            try {
                buffer.write(record);
                buffer.write('\n');
            } catch (IOException e) {
                throw failed(e);
            }
        }

        @Override
        public void flush(boolean endOfInput) throws IOException {
            try {
                buffer.flush();
            } catch (IOException e) {
                throw failed(e);
            }
        }

        private IOException failed(IOException e) {
            return new IOException("%s must be writable, got %s".formatted(file, e.getMessage()));
        }

        /** Not the buffer: it would fail again with what flush failed with, which Flink dies of. */
        @Override
        public void close() throws IOException {
            target.close();
        }
    }
}
