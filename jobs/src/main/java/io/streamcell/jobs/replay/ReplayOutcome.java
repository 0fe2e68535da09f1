package io.streamcell.jobs.replay;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.api.common.JobExecutionResult;

/**
 * What a replay found, in timesteps of an output.
 *
 * @param differences how many of each kind
 * @param outside of the range, recorded and not looked at
 * @param written of those that were missing
 */
public record ReplayOutcome(
        long streams,
        long same,
        Map<Difference, Long> differences,
        long outside,
        long written,
        double seconds) {
    static ReplayOutcome of(JobExecutionResult result) {
        Map<Difference, Long> differences = new EnumMap<>(Difference.class);
        for (Difference difference : Difference.values()) {
            differences.put(difference, result.getAccumulatorResult(difference.toString()));
        }
        return new ReplayOutcome(
                result.getAccumulatorResult(Verifier.STREAMS),
                result.getAccumulatorResult(Verifier.SAME),
                differences,
                result.getAccumulatorResult(Verifier.OUTSIDE),
                result.getAccumulatorResult(Verifier.WRITTEN),
                result.getNetRuntime() / 1000.0);
    }

    /** How many differ, in whatever way. */
    public long differing() {
        return differences.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Whether everything was recorded as it must be, or is now. */
    public boolean right() {
        return differing() == written;
    }

    /** One line of JSON. */
    public String line() {
        StringBuilder line = new StringBuilder();
        line.append("{\"streams\":").append(streams);
        line.append(",\"same\":").append(same);
        differences.forEach(
                (difference, count) ->
                        line.append(",\"").append(difference).append("\":").append(count));
        line.append(",\"outside\":").append(outside);
        line.append(",\"written\":").append(written);
        line.append(String.format(Locale.ROOT, ",\"seconds\":%.3f}", seconds));
        return line.toString();
    }
}
