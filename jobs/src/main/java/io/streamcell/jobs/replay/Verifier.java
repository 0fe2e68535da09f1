package io.streamcell.jobs.replay;

import io.streamcell.jobs.formats.OutputTimes;
import io.streamcell.operators.OutputRecord;
import io.streamcell.operators.OutputValues;
import io.streamcell.operators.Score;
import io.streamcell.operators.ValueTypes;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedMultiInput;
import org.apache.flink.streaming.api.operators.InputSelectable;
import org.apache.flink.streaming.api.operators.InputSelection;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/**
 * Compares what is scored again, its first input, with what was recorded, its second. It reads on
 * from the input that is behind, so that little waits in memory where both come in a like order; of
 * what waits, only so much is in memory. Its output are lines about differences.
 */
final class Verifier extends AbstractStreamOperator<byte[]>
        implements TwoInputStreamOperator<OutputRecord, OutputRecord, byte[]>,
                BoundedMultiInput,
                InputSelectable {
    private static final long serialVersionUID = 1;

    /** Scores that were not recorded. */
    static final OutputTag<OutputRecord> MISSING =
            new OutputTag<>("missing", ValueTypes.OUTPUT_RECORD);

    static final String SAME = "same";
    static final String OUTSIDE = "outside";
    static final String STREAMS = "streams";
    static final String WRITTEN = "written";
    static final String SHIFTS = "shifts";

    /** How much more of one input than of the other may wait. */
    private static final long SLACK = 1 << 17;

    /**
     * What it goes by.
     *
     * @param limit of lines
     * @param memory bytes that may wait in memory
     * @param repairs whether it emits what is missing
     * @param shifts whether another model scores, so that it measures how far apart scores are
     */
    record Settings(
            OutputTimes times,
            Lanes lanes,
            Bounds bounds,
            long limit,
            long memory,
            boolean repairs,
            boolean shifts)
            implements Serializable {
        private static final long serialVersionUID = 1;
    }

    private final Settings settings;
    private final transient LongCounter streams = new LongCounter();
    private final transient LongCounter written = new LongCounter();
    private transient Comparisons comparisons;
    private transient Judge judge;
    private transient long scoredWaits;
    private transient long recordedWaits;
    private transient int ended;

    Verifier(StreamOperatorParameters<byte[]> parameters, Settings settings) {
        super(parameters);
        this.settings = settings;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        KeyedStateBackend<String> keys = getKeyedStateBackend();
        comparisons =
                new Comparisons(
                        keys,
                        context.getKeyedStateStore().getState(Comparisons.STATE),
                        settings.memory());
    }

    @Override
    public void open() throws Exception {
        super.open();
        StreamRecord<byte[]> line = new StreamRecord<>(null);
        Findings findings =
                new Findings(
                        settings.bounds(),
                        settings.limit(),
                        bytes -> output.collect(line.replace(bytes)));
        for (Difference difference : Difference.values()) {
            getRuntimeContext().addAccumulator(difference.toString(), findings.count(difference));
        }
        getRuntimeContext().addAccumulator(SAME, findings.same());
        getRuntimeContext().addAccumulator(OUTSIDE, findings.outside());
        getRuntimeContext().addAccumulator(STREAMS, streams);
        getRuntimeContext().addAccumulator(WRITTEN, written);
        judge = findings;
        if (settings.shifts()) {
            ShiftAccumulator shifts = new ShiftAccumulator();
            getRuntimeContext().addAccumulator(SHIFTS, shifts);
            judge = new ShiftJudge(findings, shifts.getLocalValue());
        }
    }

    /** Keys are set where keyed state is accessed. */
    @Override
    @SuppressWarnings("rawtypes")
    public void setKeyContextElement1(StreamRecord record) {}

    @Override
    @SuppressWarnings("rawtypes")
    public void setKeyContextElement2(StreamRecord record) {}

    @Override
    public void processElement1(StreamRecord<OutputRecord> record) throws Exception {
        if (record.getValue() instanceof Score score) {
            long timestamp = record.hasTimestamp() ? record.getTimestamp() : Rows.NO_TIME;
            take(score, timestamp, true);
        }
    }

    @Override
    public void processElement2(StreamRecord<OutputRecord> record) throws Exception {
        take((Score) record.getValue(), Rows.NO_TIME, false);
    }

    private void take(Score score, long timestamp, boolean again) throws IOException {
        comparisons.use(
                score.stream(),
                stream -> {
                    for (OutputValues output : score.outputs()) {
                        String key = settings.lanes().key(score.model(), output.name());
                        boolean timed = settings.times().timed(score.model(), output.name());
                        Rows rows = Rows.of(alone(score, output), timed, timestamp);
                        compare(stream, stream.output(key), rows, again);
                    }
                });
    }

    private void compare(
            StreamComparison stream, OutputComparison output, Rows rows, boolean again) {
        long scored = output.scored.bytes();
        long recorded = output.recorded.bytes();
        judge.look(stream, output);
        if (again) {
            output.score(rows, judge);
        } else {
            output.record(rows, judge);
        }
        scoredWaits += output.scored.bytes() - scored;
        recordedWaits += output.recorded.bytes() - recorded;
    }

    private static Score alone(Score score, OutputValues output) {
        return score.outputs().size() == 1
                ? score
                : new Score(
                        score.stream(),
                        score.start(),
                        score.times(),
                        List.of(output),
                        score.model(),
                        score.flags(),
                        score.headers());
    }

    @Override
    public InputSelection nextSelection() {
        long ahead = recordedWaits - scoredWaits;
        if (ended > 0 || Math.abs(ahead) <= SLACK) {
            return InputSelection.ALL;
        }
        return ahead > 0 ? InputSelection.FIRST : InputSelection.SECOND;
    }

    @Override
    public void endInput(int input) throws Exception {
        ended++;
        if (ended == 2) {
            comparisons.each(this::end);
        }
    }

    private void end(String name, StreamComparison stream) {
        streams.add(1);
        stream.each(
                output -> {
                    judge.look(stream, output);
                    if (settings.repairs() && !stream.differs) {
                        output.scored.each(this::repair);
                    }
                    output.end(settings.bounds(), judge);
                });
    }

    private void repair(Rows rows) {
        written.add(rows.count());
        StreamRecord<OutputRecord> score = new StreamRecord<>(rows.asScore());
        if (rows.timestamp() != Rows.NO_TIME) {
            score.setTimestamp(rows.timestamp());
        }
        output.collect(MISSING, score);
    }
}
