package io.streamcell.jobs.replay;

import java.io.IOException;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;

/** Runs a replay to its end. */
public final class Replaying {
    private Replaying() {}

    /** Takes the lines about differences. */
    @FunctionalInterface
    public interface Lines {
        void write(byte[] line) throws IOException;
    }

    /**
     * Runs it.
     *
     * @param differences of {@link ReplayPlan#build}
     * @param limit of lines, from all tasks together
     */
    public static ReplayResult run(
            StreamExecutionEnvironment environment,
            SingleOutputStreamOperator<byte[]> differences,
            long limit,
            Lines lines)
            throws Exception {
        try (CloseableIterator<byte[]> found = differences.collectAsync()) {
            JobClient job = environment.executeAsync("replay");
            long count = 0;
            while (found.hasNext()) {
                byte[] line = found.next();
                if (count++ < limit) {
                    lines.write(line);
                }
            }
            JobExecutionResult result = job.getJobExecutionResult().get();
            return new ReplayResult(
                    ReplayOutcome.of(result), result.getAccumulatorResult(Verifier.SHIFTS));
        }
    }
}
