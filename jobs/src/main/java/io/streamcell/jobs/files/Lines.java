package io.streamcell.jobs.files;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/**
 * The lines of a stream, as bytes without their line feed; only the line at hand is in memory. Owns
 * the stream.
 */
public final class Lines implements AutoCloseable {
    private static final int READ = 1 << 16;

    private final InputStream stream;
    private byte[] buffer = new byte[READ];
    private int from;
    private int to;
    private long number;

    public Lines(InputStream stream) {
        this.stream = stream;
    }

    /** The next line, or null at the end; what follows the last line feed is a line too. */
    public byte[] next() throws IOException {
        int at = from;
        while (true) {
            for (; at < to; at++) {
                if (buffer[at] == '\n') {
                    return line(at, at + 1);
                }
            }
            int seen = at - from;
            if (!fill()) {
                return from == to ? null : line(to, to);
            }
            at = from + seen;
        }
    }

    private byte[] line(int end, int next) {
        byte[] line = Arrays.copyOfRange(buffer, from, end);
        from = next;
        number++;
        return line;
    }

    /** Reads on, behind what is not yet given out; false at the end. */
    private boolean fill() throws IOException {
        if (from > 0) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            to -= from;
            from = 0;
        }
        if (to == buffer.length) {
            if (to > Integer.MAX_VALUE / 2) {
                throw new IOException(
                        "a line must be shorter than 1 GiB, got more in line " + (number + 1));
            }
            buffer = Arrays.copyOf(buffer, 2 * to);
        }
        int read = stream.read(buffer, to, buffer.length - to);
        to += Math.max(read, 0);
        return read > 0;
    }

    /** Whether there is nothing on a line. */
    public static boolean blank(byte[] line) {
        for (byte b : line) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }

    /** The number of the line given last, from 1. */
    public long number() {
        return number;
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
