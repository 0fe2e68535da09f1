package io.streamcell.operators;

import static io.streamcell.operators.ScoringOperatorTest.bits;
import static io.streamcell.operators.ScoringOperatorTest.chunk;
import static io.streamcell.operators.ScoringOperatorTest.flags;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamcell.models.Network;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ModelChangeTest {
    private final Network old = Harness.lstm(1, 3, 7);
    private final Network same = Harness.lstm(1, 3, 7);
    private final Network other = Harness.lstm(2, 3, 7);
    private final Network wider = Harness.lstm(2, 3, 8);
    private Harness.Checkpoint state;

    @BeforeEach
    void aStreamOfTheOldModel() throws Exception {
        try (Harness harness = new Harness(old, Harness.options(), 1)) {
            harness.send(chunk("a", 5, 0));
            state = harness.checkpoint(1);
        }
    }

    @Test
    void theSameNetworkGoesOn() throws Exception {
        try (Harness harness = new Harness(same, Harness.options(), 1, state)) {
            harness.send(chunk("a", 1, 5));
            harness.end();

            assertThat(harness.scores().get(0).start()).isEqualTo(5);
            assertThat(flags(harness.scores().get(0))).isEmpty();
        }
    }

    @Test
    void anotherNetworkIsRefusedBeforeTheFirstRecordAndNeverRetried() {
        assertThatThrownBy(() -> new Harness(other, Harness.options(), 1, state))
                .isInstanceOf(SuppressRestartsException.class)
                .cause()
                .isInstanceOf(ModelChangedException.class)
                .hasMessage(
                        "the model must be the one whose states are restored (%016x of memory), got %016x of memory; "
                                        .formatted(old.fingerprint(), other.fingerprint())
                                + "sequence.on-model-change=reset or keep allows another");
    }

    @Test
    void resetStartsEveryStreamAfreshAndFlagsIt() throws Exception {
        try (Harness harness =
                        new Harness(other, policy(SequencePolicy.OnModelChange.RESET), 1, state);
                Harness fresh = new Harness(other, Harness.options(), 1)) {
            harness.send(chunk("a", 2, 5));
            harness.end();
            fresh.send(chunk("a", 2, 5));
            fresh.end();

            Score score = harness.scores().get(0);
            assertThat(flags(score)).containsExactly("model");
            assertThat(score.start()).isEqualTo(5);
            assertThat(bits(score)).isEqualTo(bits(fresh.scores().get(0)));
        }
    }

    @Test
    void keepCarriesTheStateWhereTheTensorsAreTheSame() throws Exception {
        ScoringOptions keep = policy(SequencePolicy.OnModelChange.KEEP);
        try (Harness harness = new Harness(other, keep, 1, state);
                Harness fresh = new Harness(other, Harness.options(), 1)) {
            harness.send(chunk("a", 2, 5));
            harness.end();
            fresh.send(chunk("a", 2, 5));
            fresh.end();

            assertThat(flags(harness.scores().get(0))).containsExactly("model");
            assertThat(harness.bits()).isNotEqualTo(fresh.bits());
        }
        assertThatThrownBy(() -> new Harness(wider, keep, 1, state))
                .rootCause()
                .hasMessage(
                        "to keep states, models must carry the same tensors: [7, 7] of memory, got [8, 8] of memory");
    }

    private static ScoringOptions policy(SequencePolicy.OnModelChange policy) {
        return Harness.options().with(ScoringOptions.ON_MODEL_CHANGE, policy);
    }
}
