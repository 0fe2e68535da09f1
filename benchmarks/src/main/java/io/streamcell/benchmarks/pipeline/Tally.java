package io.streamcell.benchmarks.pipeline;

import io.streamcell.operators.OutputRecord;
import io.streamcell.operators.Score;
import java.util.List;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.accumulators.ListAccumulator;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.accumulators.LongMaximum;
import org.apache.flink.api.common.accumulators.LongMinimum;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * The end of a pipeline without a sink: counts scores, notes when the steady state began and when
 * the last score came, and keeps some to be compared.
 */
final class Tally extends ProcessFunction<OutputRecord, Void> {
    private static final long serialVersionUID = 1;

    private final long warmUp;
    private final long sampleEnd;
    private final int sampleLength;

    private transient LongCounter records;
    private transient LongCounter steady;
    private transient LongMinimum began;
    private transient LongMaximum ended;
    private transient ListAccumulator<Float> sample;
    private transient long count;

    /**
     * What all subtasks saw.
     *
     * @param records in all
     * @param steadyRecords after the warm-up
     * @param seconds that those took
     * @param sample last value of each sampled score, in order; only with one subtask
     */
    record Result(long records, long steadyRecords, double seconds, float[] sample) {
        static Result of(JobExecutionResult result) {
            List<Float> kept = result.getAccumulatorResult("sample");
            float[] sample = new float[kept.size()];
            for (int k = 0; k < sample.length; k++) {
                sample[k] = kept.get(k);
            }
            long began = result.<Long>getAccumulatorResult("began");
            long ended = result.<Long>getAccumulatorResult("ended");
            return new Result(
                    result.<Long>getAccumulatorResult("records"),
                    result.<Long>getAccumulatorResult("steady"),
                    (ended - began) / 1e9,
                    sample);
        }
    }

    /**
     * @param warmUp records of each subtask before the steady state
     * @param sampleEnd the record after the sample
     * @param sampleLength records before that
     */
    Tally(long warmUp, long sampleEnd, int sampleLength) {
        this.warmUp = warmUp;
        this.sampleEnd = sampleEnd;
        this.sampleLength = sampleLength;
    }

    @Override
    public void open(OpenContext context) {
        records = new LongCounter();
        steady = new LongCounter();
        began = new LongMinimum();
        ended = new LongMaximum();
        sample = new ListAccumulator<>();
        getRuntimeContext().addAccumulator("records", records);
        getRuntimeContext().addAccumulator("steady", steady);
        getRuntimeContext().addAccumulator("began", began);
        getRuntimeContext().addAccumulator("ended", ended);
        getRuntimeContext().addAccumulator("sample", sample);
    }

    @Override
    public void processElement(OutputRecord record, Context context, Collector<Void> out) {
        count++;
        if (count == warmUp) {
            began.add(System.nanoTime());
        }
        if (count <= sampleEnd && count > sampleEnd - sampleLength) {
            float[] values = ((Score) record).outputs().get(0).values();
            sample.add(values[values.length - 1]);
        }
    }

    @Override
    public void close() {
        if (count > warmUp) {
            ended.add(System.nanoTime());
            steady.add(count - warmUp);
        }
        records.add(count);
    }
}
