package io.streamcell.jobs.avro;

import io.streamcell.jobs.formats.OutputTimes;
import io.streamcell.jobs.formats.ScoreReader;
import io.streamcell.operators.Flags;
import io.streamcell.operators.Header;
import io.streamcell.operators.OutputValues;
import io.streamcell.operators.Score;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads scores by the schema in the jar, by which {@link AvroRecords} wrote them. */
public final class AvroScoreReader implements ScoreReader {
    private static final long[] NO_TIMES = {};
    private static final float[] NO_VALUES = {};

    private final OutputTimes outputTimes;
    private final boolean values;
    private final boolean framed;
    private final boolean amongStates;
    private final BytesDecoder in = new BytesDecoder();

    private AvroScoreReader(
            OutputTimes outputTimes, Wanted wanted, boolean framed, boolean amongStates) {
        this.outputTimes = outputTimes;
        this.values = wanted == Wanted.EVERYTHING;
        this.framed = framed;
        this.amongStates = amongStates;
    }

    /**
     * A reader.
     *
     * @param registry or null, where values are bare
     */
    public static AvroScoreReader of(
            OutputTimes outputTimes,
            Wanted wanted,
            RegistryAddress registry,
            String scoreTopic,
            String stateTopic) {
        return new AvroScoreReader(
                outputTimes, wanted, registry != null, scoreTopic.equals(stateTopic));
    }

    @Override
    public Score read(byte[] key, byte[] value, List<Header> headers) throws IOException {
        if (value == null) {
            return null;
        }
        in.begin(value, framed ? Math.min(Frame.LENGTH, value.length) : 0);
        if (amongStates && in.readIndex() != 0) {
            return null;
        }
        String stream = in.readString();
        long start = in.readLong();
        long[] times = times();
        List<OutputValues> outputs = new ArrayList<>();
        for (long left = in.readArrayStart(); left > 0; left = in.arrayNext()) {
            for (; left > 0; left--) {
                outputs.add(output());
            }
        }
        String model = in.readString();
        int flags = 0;
        for (long left = in.readArrayStart(); left > 0; left = in.arrayNext()) {
            for (; left > 0; left--) {
                flags |= Flags.named(in.readString());
            }
        }
        outputs.replaceAll(
                read ->
                        new OutputValues(
                                read.name(),
                                read.values(),
                                read.rows(),
                                outputTimes.timed(model, read.name()),
                                read.dims()));
        return new Score(stream, start, times, outputs, model, flags, headers);
    }

    private long[] times() throws IOException {
        return switch (in.readIndex()) {
            case 0 -> NO_TIMES;
            case 1 -> new long[] {in.readLong()};
            default -> list();
        };
    }

    private long[] list() throws IOException {
        long[] list = NO_TIMES;
        int count = 0;
        for (long left = in.readArrayStart(); left > 0; left = in.arrayNext()) {
            list = Arrays.copyOf(list, count + (int) left);
            for (; left > 0; left--) {
                list[count++] = in.readLong();
            }
        }
        return list;
    }

    private OutputValues output() throws IOException {
        String name = in.readIndex() == 0 ? null : in.readString();
        List<Integer> shape = new ArrayList<>();
        for (long left = in.readArrayStart(); left > 0; left = in.arrayNext()) {
            for (; left > 0; left--) {
                shape.add(in.readInt());
            }
        }
        if (shape.isEmpty()) {
            throw new IOException("a recorded score's output must have a shape, got none");
        }
        float[] floats = floats();
        return new OutputValues(
                name,
                values ? floats : NO_VALUES,
                shape.get(0),
                true,
                shape.subList(1, shape.size()));
    }

    private float[] floats() throws IOException {
        float[] floats = NO_VALUES;
        int count = 0;
        for (long left = in.readArrayStart(); left > 0; left = in.arrayNext()) {
            floats = Arrays.copyOf(floats, count + (int) left);
            for (; left > 0; left--) {
                floats[count++] = in.readFloat();
            }
        }
        return floats;
    }
}
