package io.streamcell.operators;

import java.util.Arrays;
import java.util.Map;
import org.apache.flink.api.common.state.BroadcastState;

/**
 * Resets of every stream, in the order in which they came. A stream takes over those that it has
 * not seen when its next chunk comes, and holds each until its first timestep of that time, so one
 * that comes late, or first, is treated like all. Kept in broadcast state, the same on every
 * subtask.
 */
public final class ResetAlls {
    /** Under this key stands how many came. */
    private static final long COUNT = 0;

    private final BroadcastState<Long, Long> state;

    // event times by number, from 1; those that were replaced are left out
    private long[] numbers = {};
    private long[] times = {};
    private long count;

    /** Of streams that are never reset all at once. */
    ResetAlls() {
        state = null;
    }

    /** Takes over what a checkpoint holds. */
    ResetAlls(BroadcastState<Long, Long> state) throws Exception {
        this.state = state;
        for (Map.Entry<Long, Long> each : state.immutableEntries()) {
            if (each.getKey() == COUNT) {
                count = each.getValue();
            } else {
                append(each.getKey(), each.getValue());
            }
        }
    }

    private void append(long number, long time) {
        int place = -Arrays.binarySearch(numbers, number) - 1;
        numbers = inserted(numbers, place, number);
        times = inserted(times, place, time);
    }

    private static long[] inserted(long[] values, int place, long value) {
        long[] more = Arrays.copyOf(values, values.length + 1);
        System.arraycopy(values, place, more, place + 1, values.length - place);
        more[place] = value;
        return more;
    }

    /**
     * How many came.
     *
     * @param state as broadcast state holds them
     */
    public static long count(Map<Long, Long> state) {
        return state.getOrDefault(COUNT, 0L);
    }

    /** Adds one from an event time on. */
    void add(long time) throws Exception {
        count++;
        state.put(COUNT, count);
        state.put(count, time);
        append(count, time);
    }

    /** Gives a stream those that it has not seen. */
    void show(Resident resident) {
        if (resident.resetAllsSeen == count) {
            return;
        }
        for (int k = 0; k < numbers.length; k++) {
            if (numbers[k] > resident.resetAllsSeen) {
                int place = Arrays.binarySearch(resident.heldTimes, times[k]);
                if (place < 0) {
                    resident.heldTimes = inserted(resident.heldTimes, -place - 1, times[k]);
                }
            }
        }
        resident.resetAllsSeen = count;
    }

    /** Keeps of those that are older than a watermark the one of the newest time. */
    void prune(long watermark) throws Exception {
        int newest = -1;
        for (int k = 0; k < times.length; k++) {
            if (times[k] < watermark && (newest < 0 || times[k] >= times[newest])) {
                newest = k;
            }
        }
        int kept = 0;
        for (int k = 0; k < times.length; k++) {
            if (times[k] < watermark && k != newest) {
                state.remove(numbers[k]);
            } else {
                numbers[kept] = numbers[k];
                times[kept++] = times[k];
            }
        }
        numbers = Arrays.copyOf(numbers, kept);
        times = Arrays.copyOf(times, kept);
    }
}
