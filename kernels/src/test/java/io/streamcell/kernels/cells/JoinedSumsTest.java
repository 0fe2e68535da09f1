package io.streamcell.kernels.cells;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.models.Activation;
import io.streamcell.models.CellBuilder;
import io.streamcell.models.CellOp;
import io.streamcell.models.ComposedCell;
import io.streamcell.models.Weights;
import java.util.List;
import org.junit.jupiter.api.Test;

/** That they compute the same is shown where providers are compared with the reference. */
class JoinedSumsTest {
    private static final Weights BIAS = Weights.vector(new float[] {1, 2});

    @Test
    void sumsThatReadTheSameRegistersBecomeTheGatesOfOne() {
        CellBuilder cell = new CellBuilder("Test", 1, List.of(2));
        int z = sum(cell, 3, 4);
        int update = cell.apply(Activation.SIGMOID, z);
        int r = sum(cell, 5, 6);
        int next = cell.product(update, r);
        ComposedCell joined = JoinedSums.of(cell.build(next, List.of(next), 0, 1));
        CellOp.Affine sums = (CellOp.Affine) joined.ops().get(0);
        assertThat(sums.gates()).isEqualTo(2);
        assertThat(sums.bias().values()).containsExactly(1, 2, 1, 2);
        assertThat(sums.terms().get(0).weights().values()).containsExactly(3, 4, 5, 6);
        assertThat(joined.ops().subList(1, 3))
                .extracting(CellOp::reads)
                .containsExactly(List.of(2), List.of(4, 3));
        assertThat(joined.output()).isEqualTo(5);
    }

    @Test
    void sumsThatReadOtherRegistersStay() {
        CellBuilder cell = new CellBuilder("Test", 2, List.of(2));
        Weights weights = Weights.matrix(2, 2, new float[4]);
        int z = cell.affine(1, BIAS, CellBuilder.term(cell.input(), weights));
        int r = cell.affine(1, BIAS, CellBuilder.term(cell.state(0), weights));
        int next = cell.sum(z, r);
        ComposedCell whole = cell.build(next, List.of(next), 0, 1);
        assertThat(JoinedSums.of(whole)).isSameAs(whole);
    }

    @Test
    void registersThatSumsStartFromStaySideBySide() {
        CellBuilder cell = new CellBuilder("Test", 1, List.of(2));
        sum(cell, 1, 2);
        int start = cell.apply(Activation.TANH, cell.state(0));
        sum(cell, 3, 4);
        Weights weights = Weights.matrix(1, 4, new float[4]);
        int next = cell.affineFrom(2, start, CellBuilder.term(cell.input(), weights));
        ComposedCell whole = cell.build(next, List.of(next), 0, 1);
        assertThat(JoinedSums.of(whole)).isSameAs(whole);
    }

    /** Two units of the input. */
    private static int sum(CellBuilder cell, float first, float second) {
        Weights weights = Weights.matrix(1, 2, new float[] {first, second});
        return cell.affine(1, BIAS, CellBuilder.term(cell.input(), weights));
    }
}
