package io.streamcell.jobs.float32;

import io.streamcell.jobs.formats.OutputTimes;
import io.streamcell.jobs.formats.ScoreReader;
import io.streamcell.operators.Flags;
import io.streamcell.operators.Header;
import io.streamcell.operators.OutputValues;
import io.streamcell.operators.RejectedEventException;
import io.streamcell.operators.Score;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the outputs of scores as {@link Float32Records} writes them, each a record of its own. */
public final class Float32ScoreReader implements ScoreReader {
    private static final long[] NO_TIMES = {};
    private static final float[] NO_VALUES = {};

    private final OutputTimes outputTimes;
    private final boolean values;

    public Float32ScoreReader(OutputTimes outputTimes, Wanted wanted) {
        this.outputTimes = outputTimes;
        this.values = wanted == Wanted.EVERYTHING;
    }

    @Override
    public Score read(byte[] key, byte[] value, List<Header> headers) throws IOException {
        Map<String, String> told = new HashMap<>();
        for (Header header : headers) {
            if (header.value() != null) {
                told.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
            }
        }
        if (value == null || told.containsKey(Names.EVENT)) {
            return null;
        }
        if (key == null) {
            throw new IOException("a recorded score must have its stream as its key, got none");
        }
        try {
            return score(new String(key, StandardCharsets.UTF_8), value, told, headers);
        } catch (NumberFormatException | RejectedEventException e) {
            throw new IOException(
                    "a recorded score must be float32 as Streamcell writes it: " + e.getMessage(),
                    e);
        }
    }

    private Score score(String stream, byte[] value, Map<String, String> told, List<Header> headers)
            throws IOException {
        List<Integer> shape = new ArrayList<>();
        for (String dim : wanted(Names.SHAPE, told).split(",")) {
            shape.add(Integer.parseInt(dim));
        }
        String model = wanted(Names.MODEL, told);
        String name = told.get(Names.OUTPUT);
        OutputValues output =
                new OutputValues(
                        name,
                        values ? FloatBytes.read(value) : NO_VALUES,
                        shape.get(0),
                        outputTimes.timed(model, name),
                        shape.subList(1, shape.size()));
        int flags = 0;
        for (String flag : told.getOrDefault(Names.FLAGS, "").split(",")) {
            flags |= Flags.named(flag);
        }
        String times = told.get(Names.TIME);
        return new Score(
                stream,
                Long.parseLong(wanted(Names.START, told)),
                times == null
                        ? NO_TIMES
                        : Arrays.stream(times.split(",")).mapToLong(Long::parseLong).toArray(),
                List.of(output),
                model,
                flags,
                Names.besideWritten(headers));
    }

    private static String wanted(String header, Map<String, String> told) throws IOException {
        String text = told.get(header);
        if (text == null) {
            throw new IOException("a recorded score must have the header %s".formatted(header));
        }
        return text;
    }
}
