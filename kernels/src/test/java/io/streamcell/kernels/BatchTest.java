package io.streamcell.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamcell.models.Activation;
import io.streamcell.models.Carry;
import io.streamcell.models.Dense;
import io.streamcell.models.Network;
import io.streamcell.models.NetworkBuilder;
import io.streamcell.models.Weights;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchTest {
    /** Inputs x (3 features) and y (scalars) on axes of their own, and static s (2 features). */
    private static Network twoAxes() {
        NetworkBuilder builder = new NetworkBuilder("two");
        int x = builder.timedInput("x", List.of(3));
        int y = builder.timedInput("y", List.of());
        int s = builder.staticInput("s", List.of(2));
        return builder.build(List.of("x", "y", "s"), List.of(x, y, s), true);
    }

    private static Batch oneAxis() {
        NetworkBuilder builder = new NetworkBuilder("one");
        int x = builder.timedInput("x", List.of(3));
        Weights weights = Weights.matrix(3, 1, new float[3]);
        Dense dense = new Dense("out", weights, Weights.vector(new float[1]), Activation.LINEAR);
        Network network = builder.build(List.of("out"), builder.add(dense, List.of(x)), false);
        return new Batch(network.signature(Carry.ALWAYS));
    }

    @Test
    void raggedRowsArePackedWithoutPadding() {
        Batch batch = oneAxis();
        assertThat(batch.add(7, 2)).isZero();
        assertThat(batch.add(4, 5)).isEqualTo(1);
        assertThat(batch.add(9, 1)).isEqualTo(2);
        assertThat(batch.rows()).isEqualTo(3);
        assertThat(batch.slot(1)).isEqualTo(4);
        assertThat(batch.timesteps(0, 1)).isEqualTo(5);
        assertThat(batch.start(0, 2)).isEqualTo(7);
        assertThat(batch.inputStart(0, 2)).isEqualTo(21);
        assertThat(batch.outputStart(0, 2)).isEqualTo(7);
        assertThat(batch.input(0)).hasSizeGreaterThanOrEqualTo(24);
        assertThat(batch.output(0)).hasSizeGreaterThanOrEqualTo(8);
    }

    @Test
    void valuesOfDifferentAxesStandApart() {
        Batch batch = new Batch(twoAxes().signature(Carry.ALWAYS));
        batch.add(0, 2, 7);
        batch.add(1, 3, 1);
        assertThat(batch.inputStart(0, 1)).isEqualTo(6);
        assertThat(batch.inputStart(1, 1)).isEqualTo(7);
        assertThat(batch.inputStart(2, 1)).isEqualTo(2);
        assertThat(batch.timesteps(1, 0)).isEqualTo(7);
    }

    @Test
    void valuesWrittenBeforeTheArraysGrowAreKept() {
        Batch batch = oneAxis();
        for (int row = 0; row < 100; row++) {
            int at = batch.inputStart(0, batch.add(row, 1 + row % 3));
            batch.input(0)[at] = row;
        }
        for (int row = 0; row < 100; row++) {
            assertThat(batch.input(0)[batch.inputStart(0, row)]).isEqualTo(row);
        }
    }

    @Test
    void clearedBatchIsFilledFromTheBeginning() {
        Batch batch = oneAxis();
        batch.add(7, 2);
        float[] values = batch.input(0);
        batch.clear();
        assertThat(batch.rows()).isZero();
        assertThat(batch.add(3, 4)).isZero();
        assertThat(batch.inputStart(0, 0)).isZero();
        assertThat(batch.input(0)).isSameAs(values);
    }

    @Test
    void wrongTimestepsAreRefused() {
        Batch one = oneAxis();
        Batch two = new Batch(twoAxes().signature(Carry.ALWAYS));
        assertThatThrownBy(() -> one.add(0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a row must have a timestep, got 0");
        assertThatThrownBy(() -> one.add(0, 1, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a row must have timesteps for 1 axes, got 2");
        assertThatThrownBy(() -> two.add(0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a row must have timesteps for 2 axes");
    }

    @Test
    void slotsMustDifferAndBeInTheSlab() {
        Batch batch = oneAxis();
        batch.add(1, 1);
        batch.add(0, 1);
        batch.checkSlots(new BitSet(), 2, 0, batch.rows());
        assertThatThrownBy(() -> batch.checkSlots(new BitSet(), 1, 0, batch.rows()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("slots must be below 1, got 1");
        batch.add(1, 2);
        assertThatThrownBy(() -> batch.checkSlots(new BitSet(), 2, 0, batch.rows()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "a slot must be named once in a batch, got 1 twice: a stream would skip its own past");
    }
}
