package io.streamcell.operators;

import static io.streamcell.operators.ScoringOperatorTest.chunk;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamcell.kernels.KernelException;
import io.streamcell.models.Network;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What happens in which order while a device computes a bundle of two timesteps. */
class AsynchronousFlushTest {
    private final Network network = Harness.lstm(1, 3, 7);
    private final DeferringProvider.Device device = new DeferringProvider.Device();
    private final ScoringOptions options =
            Harness.options()
                    .with(ScoringOptions.KERNEL_PROVIDER, DeferringProvider.NAME)
                    .with(ScoringOptions.BUNDLE_MAX_TIMESTEPS, 2);

    @BeforeEach
    void lend() {
        DeferringProvider.DEVICE.set(device);
    }

    @AfterEach
    void takeBack() {
        DeferringProvider.DEVICE.remove();
    }

    @Test
    void eventsAreGatheredWhileABundleIsInFlight() throws Exception {
        try (Harness harness = new Harness(network, options, 1)) {
            fill(harness);
            harness.send(chunk("a", 1, 1));
            assertThat(device.calls).containsExactly("begin");
            assertThat(harness.records).isEmpty();

            harness.send(chunk("c", 1, 0));
            assertThat(device.calls).containsExactly("begin", "await", "begin");
            assertThat(harness.scores()).extracting(Score::stream).containsExactly("a", "b");
        }
    }

    @Test
    void aBundleThatTheDeviceHasDoneAtOnceIsEmittedAtOnce() throws Exception {
        device.checks = () -> 0;
        try (Harness harness = new Harness(network, options, 1)) {
            fill(harness);
            assertThat(harness.records).hasSize(2);
        }
    }

    @Test
    void aBundleInFlightIsEmittedOnceTheDeviceIsDoneWithoutAFurtherEvent() throws Exception {
        device.checks = () -> 3;
        try (Harness harness = new Harness(network, options, 1)) {
            fill(harness);
            harness.advanceClock(1);
            harness.advanceClock(2);
            assertThat(device.calls).containsExactly("begin");
            assertThat(harness.records).isEmpty();

            harness.advanceClock(3);
            assertThat(device.calls).containsExactly("begin", "await");
            assertThat(harness.records).hasSize(2);
        }
    }

    @Test
    void aBundleThatLeavesOnDelayIsInFlightToo() throws Exception {
        device.checks = () -> 1;
        try (Harness harness = new Harness(network, options, 1)) {
            harness.send(chunk("a", 1, 0));
            harness.advanceClock(20);
            harness.send(chunk("a", 1, 1));
            assertThat(device.calls).containsExactly("begin");

            harness.advanceClock(21);
            assertThat(harness.records).hasSize(1);
            harness.advanceClock(40);
            assertThat(device.calls).containsExactly("begin", "await", "begin");
            assertThat(harness.records).hasSize(1);
        }
    }

    @Test
    void withoutADelayEveryEventLeavesAtOnceAlsoFromADevice() throws Exception {
        ScoringOptions atOnce = options.with(ScoringOptions.BUNDLE_MAX_DELAY, Duration.ZERO);
        try (Harness harness = new Harness(network, atOnce, 1)) {
            harness.send(chunk("a", 1, 0));
            assertThat(harness.records).hasSize(1);
        }
    }

    @Test
    void anExportWaitsForTheChunkOfItsStreamInFlight() throws Exception {
        try (Harness harness = new Harness(network, options, 1)) {
            fill(harness);
            harness.send(StreamEvent.export("a"));
            harness.end();

            assertThat(harness.records)
                    .extracting(record -> record.getClass().getSimpleName() + record.stream())
                    .containsExactly("Scorea", "Scoreb", "ExportedStatea");
            assertThat(((ExportedState) harness.records.get(2)).next()).isEqualTo(1);
        }
    }

    @Test
    void aWatermarkDoesNotOvertakeScores() throws Exception {
        try (Harness harness = new Harness(network, options, 1)) {
            fill(harness);
            harness.send(chunk("c", 1, 0));
            harness.watermark(5);

            assertThat(harness.recordsBeforeWatermarks).containsExactly(3);
        }
    }

    @Test
    void nothingIsInFlightWhenABarrierPassesOrTheInputEnds() throws Exception {
        try (Harness harness = new Harness(network, options, 1)) {
            fill(harness);
            harness.send(chunk("c", 1, 0));
            harness.checkpoint(1);
            assertThat(device.calls).containsExactly("begin", "await", "begin", "await");
            assertThat(harness.recordsBeforeBarriers).containsExactly(3);

            fill(harness);
            harness.send(chunk("c", 1, 0));
            harness.end();
            assertThat(device.calls).endsWith("begin", "await", "begin", "await").hasSize(8);
            assertThat(harness.records).hasSize(6);
        }
    }

    @Test
    void aBundleInFlightIsAwaitedButNotEmittedWhenTheTaskIsCancelled() throws Exception {
        Harness harness = new Harness(network, options, 1);
        fill(harness);
        harness.cancel();

        assertThat(device.calls).containsExactly("begin", "await", "close");
        assertThat(harness.records).isEmpty();
    }

    @Test
    void aDeviceThatFailsFailsTheTaskWhereverItIsAwaited() throws Exception {
        device.checks = () -> 1;
        List<Step> awaiting =
                List.of(
                        AsynchronousFlushTest::fill,
                        harness -> harness.advanceClock(1),
                        harness -> harness.watermark(1),
                        harness -> harness.checkpoint(1),
                        Harness::end);
        for (Step step : awaiting) {
            device.failure = null;
            Harness harness = new Harness(network, options, 1);
            fill(harness);
            device.failure = new KernelException("the device is gone");
            assertThatThrownBy(() -> step.run(harness)).isSameAs(device.failure);
            assertThat(harness.records).isEmpty();
            harness.cancel();
        }
    }

    /** What makes an operator wait for a bundle in flight. */
    private interface Step {
        void run(Harness harness) throws Exception;
    }

    /** A bundle of one timestep each of two streams. */
    private static void fill(Harness harness) throws Exception {
        harness.send(chunk("a", 1, 0));
        harness.send(chunk("b", 1, 0));
    }
}
