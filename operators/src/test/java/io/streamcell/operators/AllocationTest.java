package io.streamcell.operators;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.flink.runtime.event.WatermarkEvent;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.LatencyMarker;
import org.apache.flink.streaming.runtime.streamrecord.RecordAttributes;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bytes that the operator allocates from an event to its score, its streams being at hand. */
class AllocationTest {
    private static final int STREAMS = 1000;
    private static final int FEATURES = 8;
    private static final int UNITS = 32;
    private static final int EVENTS = 20_000;
    private static final int ROUNDS = 10;
    private static final int MOST_BYTES = 64;

    @ParameterizedTest
    @CsvSource({
        StillProvider.NAME + ", 1, 1",
        StillProvider.NAME + ", 20, 20",
        StillProvider.NAME + ", 1, 64",
        StillProvider.OnDevice.NAME + ", 1, 64"
    })
    void anEventCostsAtMost64BytesAndNeverMoreThanBefore(String provider, int fewest, int most)
            throws Exception {
        ScoringOptions options = Harness.options().with(ScoringOptions.KERNEL_PROVIDER, provider);
        Counting output = new Counting();
        List<StreamRecord<StreamEvent>> events = events(fewest, most);
        try (Harness.Subtask subtask =
                Harness.subtask(
                        Harness.lstm(1, FEATURES, UNITS),
                        options,
                        output,
                        new HashMapStateBackend())) {
            send(events, subtask);
            long[] bytes = new long[ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                long before = allocated();
                send(events, subtask);
                bytes[round] = allocated() - before;
            }

            assertThat(output.scores).isEqualTo((long) EVENTS * (ROUNDS + 1));
            assertThat(bytes[ROUNDS - 1]).isLessThanOrEqualTo((long) MOST_BYTES * EVENTS);
            assertThat(bytes[ROUNDS - 1]).isLessThanOrEqualTo(bytes[0] + EVENTS);
        }
    }

    private static void send(List<StreamRecord<StreamEvent>> events, Harness.Subtask subtask)
            throws Exception {
        for (StreamRecord<StreamEvent> event : events) {
            subtask.send(event);
        }
        subtask.scoring().prepareSnapshotPreBarrier(1);
    }

    private static List<StreamRecord<StreamEvent>> events(int fewest, int most) {
        Random random = new Random(1);
        List<StreamRecord<StreamEvent>> events = new ArrayList<>();
        for (int k = 0; k < EVENTS; k++) {
            float[][] timesteps = new float[random.nextInt(fewest, most + 1)][FEATURES];
            String stream = "stream-" + random.nextInt(STREAMS);
            events.add(new StreamRecord<>(StreamEvent.chunk(stream, timesteps), k));
        }
        return events;
    }

    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getCurrentThreadAllocatedBytes();
    }

    /** Counts scores and forgets them. */
    static final class Counting implements Output<StreamRecord<OutputRecord>> {
        private long scores;

        @Override
        public void collect(StreamRecord<OutputRecord> record) {
            scores++;
        }

        @Override
        public <X> void collect(OutputTag<X> tag, StreamRecord<X> record) {
            throw new AssertionError("nothing must be rejected here");
        }

        @Override
        public void emitWatermark(Watermark mark) {}

        @Override
        public void emitWatermark(WatermarkEvent watermark) {}

        @Override
        public void emitWatermarkStatus(WatermarkStatus status) {}

        @Override
        public void emitLatencyMarker(LatencyMarker marker) {}

        @Override
        public void emitRecordAttributes(RecordAttributes attributes) {}

        @Override
        public void close() {}
    }
}
