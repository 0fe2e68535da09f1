package io.streamcell.jobs.float32;

import io.streamcell.jobs.formats.RecordWriter;
import io.streamcell.operators.ExportedState;
import io.streamcell.operators.Flags;
import io.streamcell.operators.Header;
import io.streamcell.operators.LayerState;
import io.streamcell.operators.OutputRecord;
import io.streamcell.operators.OutputValues;
import io.streamcell.operators.Score;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Writes each output of a score as a record of raw float32, and a state as one, its tensors one
 * after another.
 */
public final class Float32Records implements RecordWriter {
    @Override
    public List<Payload> write(OutputRecord record) {
        return record instanceof Score score
                ? score(score)
                : List.of(state((ExportedState) record));
    }

    private static List<Payload> score(Score score) {
        List<Header> common = new ArrayList<>(Names.besideWritten(score.headers()));
        common.add(header(Names.START, String.valueOf(score.start())));
        if (score.times().length > 0) {
            String times =
                    LongStream.of(score.times())
                            .mapToObj(String::valueOf)
                            .collect(Collectors.joining(","));
            common.add(header(Names.TIME, times));
        }
        common.add(header(Names.MODEL, score.model()));
        if (score.flags() != 0) {
            common.add(header(Names.FLAGS, String.join(",", Flags.names(score.flags()))));
        }
        return score.outputs().stream().map(output -> output(output, common)).toList();
    }

    private static Payload output(OutputValues output, List<Header> common) {
        List<Header> headers = new ArrayList<>(common);
        if (output.name() != null) {
            headers.add(header(Names.OUTPUT, output.name()));
        }
        StringBuilder shape = new StringBuilder().append(output.rows());
        output.dims().forEach(dim -> shape.append(',').append(dim));
        headers.add(header(Names.SHAPE, shape.toString()));
        return new Payload(FloatBytes.write(List.of(output.values())), headers);
    }

    private static Payload state(ExportedState state) {
        Map<String, List<Integer>> shapes = new LinkedHashMap<>();
        List<float[]> tensors = new ArrayList<>();
        for (LayerState layer : state.layers()) {
            shapes.put(
                    layer.layer(), layer.tensors().stream().map(tensor -> tensor.length).toList());
            tensors.addAll(layer.tensors());
        }
        List<Header> headers = new ArrayList<>(Names.besideWritten(state.headers()));
        headers.add(header(Names.EVENT, "state"));
        headers.add(header(Names.NEXT, String.valueOf(state.next())));
        headers.add(header(Names.MODEL, state.model()));
        headers.add(header(Names.STATE, Shapes.write(shapes)));
        if (state.flags() != 0) {
            headers.add(header(Names.FLAGS, String.join(",", Flags.names(state.flags()))));
        }
        return new Payload(FloatBytes.write(tensors), headers);
    }

    private static Header header(String key, String value) {
        return new Header(key, value.getBytes(StandardCharsets.UTF_8));
    }
}
