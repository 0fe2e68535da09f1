package io.streamcell.operators;

import static io.streamcell.operators.ScoringOperatorTest.chunk;
import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.models.Carry;
import io.streamcell.models.Network;
import io.streamcell.operators.SequencePolicy.OnModelChange;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Streams that are given slots in the middle of a round, where few slots are free. */
class ModelTakeoverSlabTest {
    private static final int STREAMS = 9;
    private static final int EVENTS = 600;

    private final Network old = Harness.lstm(1, 3, 7);
    private final Network other = Harness.lstm(2, 3, 7);

    @Test
    void aStreamOfTheRoundThatIsBeingMadeKeepsItsSlot() throws Exception {
        Map<String, List<Integer>> wanted = bits(1000);
        for (int slots = 2; slots <= 5; slots++) {
            assertThat(bits(slots)).as("%d slots", slots).isEqualTo(wanted);
        }
    }

    /** The bits of streams at random, in bundles, before and after a change of model. */
    private Map<String, List<Integer>> bits(int slots) throws Exception {
        Networks networks = new Networks();
        networks.add("memory", old, Carry.ALWAYS);
        ModelReference newer = networks.add("other", other, Carry.ALWAYS);
        ScoringOptions options = Harness.options().with(ScoringOptions.SLAB_MAX_STREAMS, slots);
        Random random = new Random(3);
        try (Harness harness =
                new Harness(
                        Harness.served(old, Carry.ALWAYS), networks.source(), options, 1, null)) {
            for (int k = 0; k < EVENTS; k++) {
                if (k == EVENTS / 3) {
                    harness.control(
                            ControlEvent.model(
                                    new ModelChange(
                                            StreamEvent.DEFAULT_MODEL,
                                            EVENTS / 2,
                                            OnModelChange.KEEP,
                                            newer)));
                }
                String stream = "s" + random.nextInt(STREAMS);
                // Late streams stay with the old model longer.
                harness.send(chunk(stream, 1 + k % 3, k).withTimes(k - random.nextInt(100)));
                if (random.nextInt(3) == 0) {
                    harness.advanceClock(1000L * k);
                }
            }
            harness.end();
            return harness.bits();
        }
    }
}
