package io.streamcell.jobs.cli;

import io.streamcell.jobs.config.ConfigurationException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where a command writes its lines. */
final class LinesOption {
    @Option(names = "--output", description = "Where lines are written; else standard output.")
    private Path file;

    /** Opens it; whoever closes the lines has them all written. */
    Lines open() throws IOException {
        if (file == null) {
            return new Lines(new BufferedOutputStream(System.out), false);
        }
        Path absolute = file.toAbsolutePath().normalize();
        if (!Files.isDirectory(absolute.getParent()) || Files.isDirectory(absolute)) {
            throw new ConfigurationException(
                    "--output must be a file in a folder that exists, got " + file);
        }
        return new Lines(new BufferedOutputStream(Files.newOutputStream(absolute)), true);
    }

    /** Owns the file; standard output stays open. */
    record Lines(OutputStream out, boolean owned) implements AutoCloseable {
        void write(byte[] line) throws IOException {
            out.write(line);
            out.write('\n');
        }

        @Override
        public void close() throws IOException {
            if (owned) {
                out.close();
            } else {
                out.flush();
            }
        }
    }
}
