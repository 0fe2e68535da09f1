package io.streamcell.jobs.fuzz;

import io.streamcell.operators.ControlEvent;
import io.streamcell.operators.ExportedState;
import io.streamcell.operators.Harness;
import io.streamcell.operators.LayerState;
import io.streamcell.operators.OutputRecord;
import io.streamcell.operators.OutputValues;
import io.streamcell.operators.Rejected;
import io.streamcell.operators.Score;
import io.streamcell.operators.ScoringOptions;
import io.streamcell.operators.ServedModel;
import io.streamcell.operators.StreamEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A scoring operator that gets hostile and calm events, and its twin that gets the calm ones alone,
 * with the same control events and watermarks. What comes out for calm streams must be the same.
 */
final class Life implements AutoCloseable {
    private final Harness exposed;
    private final Harness sheltered;
    private final CalmStreams calm;
    private final Numbers numbers;
    private final Set<String> touched = new HashSet<>();
    private long clock;
    private long watermark = Long.MIN_VALUE;

    Life(ServedModel model, ScoringOptions options) throws Exception {
        this.exposed = Harness.of(model, options);
        this.sheltered = Harness.of(model, options);
        this.calm = new CalmStreams(model.signature());
        this.numbers = new Numbers(options.value(ScoringOptions.MAX_WAIT) != null);
    }

    /** Whether events reached every calm stream. */
    boolean spent() {
        return touched.size() == CalmStreams.count();
    }

    /** Sends an event in one bundle with a calm one. */
    Outcome event(StreamEvent event, long timestamp) throws Exception {
        String stream = event.stream();
        if (CalmStreams.has(stream)) {
            touched.add(stream);
        }
        exposed.send(event, timestamp);
        sendCalm(stream);
        List<OutputRecord> records =
                exposed.records.stream().filter(r -> r.stream().equals(stream)).toList();
        List<Rejected> rejected =
                exposed.rejected.stream().filter(r -> stream.equals(r.stream())).toList();
        Promise.kept(
                rejected.size() == exposed.rejected.size(),
                "nobody else's events are rejected, got %s",
                exposed.rejected);
        return numbers.judge(event, records, rejected);
    }

    /** Sends a calm event alone. */
    void calm() throws Exception {
        sendCalm(null);
    }

    private void sendCalm(String except) throws Exception {
        StreamEvent event = calm.next(except);
        exposed.send(event, event.lastTime());
        sheltered.send(event, event.lastTime());
        clock += 100;
        exposed.advanceClock(clock);
        sheltered.advanceClock(clock);
        numbers.calm(event.stream(), event.inputs().get(0).rows());
    }

    Outcome control(ControlEvent event) throws Exception {
        exposed.control(event);
        sheltered.control(event);
        return exposed.rejected.isEmpty() ? Outcome.CONTROL : Outcome.REJECTED_BY_RULES;
    }

    /** Lets event time pass for all. */
    void time(long time) throws Exception {
        if (time > watermark) {
            watermark = time;
            int before = exposed.records.size();
            exposed.watermark(time);
            sheltered.watermark(time);
            numbers.onTime(exposed.records.subList(before, exposed.records.size()));
        }
    }

    /** Compares calm streams with their twins, and forgets what came out. */
    List<OutputRecord> settle() {
        List<String> found = calmRecords(exposed.records);
        List<String> wanted = calmRecords(sheltered.records);
        Promise.kept(
                found.equals(wanted),
                "calm streams have the same bits, got %s instead of %s",
                found,
                wanted);
        List<OutputRecord> records = List.copyOf(exposed.records);
        exposed.clear();
        sheltered.clear();
        return records;
    }

    List<Rejected> rejected() {
        return exposed.rejected;
    }

    private List<String> calmRecords(List<OutputRecord> records) {
        List<String> bits = new ArrayList<>();
        for (OutputRecord record : records) {
            if (CalmStreams.has(record.stream()) && !touched.contains(record.stream())) {
                bits.add(bits(record));
            }
        }
        return bits;
    }

    /** All that a record says, to the bit. */
    private static String bits(OutputRecord record) {
        StringBuilder bits = new StringBuilder(record.stream()).append(' ').append(record.model());
        if (record instanceof Score score) {
            bits.append(' ').append(score.start()).append(' ').append(score.flags());
            bits.append(Arrays.toString(score.times()));
            for (OutputValues output : score.outputs()) {
                append(bits, output.values());
            }
        } else if (record instanceof ExportedState state) {
            bits.append(" state ").append(state.next()).append(' ').append(state.flags());
            for (LayerState layer : state.layers()) {
                layer.tensors().forEach(tensor -> append(bits, tensor));
            }
        }
        return bits.toString();
    }

    private static void append(StringBuilder bits, float[] values) {
        for (float value : values) {
            bits.append(',').append(Float.floatToRawIntBits(value));
        }
    }

    @Override
    public void close() throws Exception {
        exposed.close();
        sheltered.close();
    }
}
