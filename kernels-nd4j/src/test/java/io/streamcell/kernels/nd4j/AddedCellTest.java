package io.streamcell.kernels.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.streamcell.kernels.KernelException;
import io.streamcell.kernels.KernelProvider;
import io.streamcell.kernels.Streams;
import io.streamcell.kernels.reference.ReferenceProvider;
import io.streamcell.models.Activation;
import io.streamcell.models.Cell;
import io.streamcell.models.CustomCell;
import io.streamcell.models.Dense;
import io.streamcell.models.Network;
import io.streamcell.models.NetworkBuilder;
import io.streamcell.models.Recurrent;
import io.streamcell.models.SimpleRnn;
import io.streamcell.models.TensorWeights;
import io.streamcell.models.Weights;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AddedCellTest {
    private static final int FEATURES = 3;
    private static final int UNITS = 5;

    private final Random random = new Random(7);
    private final float[] w = values(FEATURES * UNITS);
    private final float[] r = values(UNITS * UNITS);
    private final float[] b = values(UNITS);
    private final Weights dense = Weights.matrix(UNITS, 2, values(2 * UNITS));

    private final SimpleRnn builtIn =
            new SimpleRnn(
                    FEATURES,
                    UNITS,
                    Activation.TANH,
                    Weights.matrix(FEATURES, UNITS, w),
                    Weights.matrix(UNITS, UNITS, r),
                    Weights.vector(b));

    @BeforeEach
    void assume() {
        Nd4jHere.assume();
    }

    @Test
    void addedCellGivesTheValuesOfTheBuiltInOneWithEitherProvider() {
        List<KernelProvider> providers = List.of(new Nd4jProvider(), new ReferenceProvider());
        for (KernelProvider provider : providers) {
            try (Streams expected = new Streams(new ReferenceProvider(), network(builtIn), 4);
                    Streams actual = new Streams(provider, network(added("")), 4)) {
                for (int call = 0; call < 3; call++) {
                    List<Streams.Row> rows =
                            List.of(
                                    expected.row(random, 2, 6, 0),
                                    expected.row(random, 0, 6, 0),
                                    expected.row(random, 3, 6, 0));
                    List<Streams.Result> wanted = expected.advance(rows);
                    List<Streams.Result> got = actual.advance(rows);
                    for (int row = 0; row < 3; row++) {
                        check(got.get(row).outputs()[0], wanted.get(row).outputs()[0]);
                    }
                    for (int slot = 0; slot < 4; slot++) {
                        int[] state = Arrays.copyOf(actual.state(slot), UNITS);
                        check(state, expected.state(slot));
                    }
                }
            }
        }
    }

    @Test
    void stateThatKeepsTheOutputBeforeIsNotOverwrittenByIt() {
        try (Streams streams = new Streams(new Nd4jProvider(), network(added("")), 1)) {
            streams.advance(List.of(streams.row(random, 0, 5, 0)));
            int[] before = Arrays.copyOf(streams.state(0), UNITS);
            float[] input = {1, 2, 3};
            streams.advance(List.of(new Streams.Row(0, new int[] {1}, new float[][] {input})));
            int[] second = Arrays.copyOfRange(streams.state(0), UNITS, 2 * UNITS);
            assertThat(second).isEqualTo(before);
        }
    }

    @Test
    void stacksOfAddedAndBuiltInCellsRun() {
        NetworkBuilder builder = new NetworkBuilder("stack");
        int x = builder.timedInput("x", List.of(FEATURES));
        SimpleRnn upper =
                new SimpleRnn(
                        UNITS,
                        UNITS,
                        Activation.TANH,
                        Weights.matrix(UNITS, UNITS, r),
                        Weights.matrix(UNITS, UNITS, r),
                        Weights.vector(b));
        Recurrent layer = new Recurrent("rnn", "RNN", List.of(added(""), upper), true, true, true);
        List<Integer> outputs = builder.add(layer, List.of(x));
        Network network = builder.build(List.of("y", "a", "b", "c"), outputs, true);
        try (Streams streams = new Streams(new ReferenceProvider(), network, 2)) {
            int[][] given = streams.advance(List.of(streams.row(random, 1, 4, 0))).get(0).outputs();
            int[] state = streams.state(1);
            assertThat(given[1]).isEqualTo(Arrays.copyOf(state, UNITS));
            assertThat(given[2]).isEqualTo(Arrays.copyOfRange(state, UNITS, 2 * UNITS));
            assertThat(given[3]).isEqualTo(Arrays.copyOfRange(state, 2 * UNITS, 3 * UNITS));
            int[] last = Arrays.copyOfRange(given[0], given[0].length - UNITS, given[0].length);
            assertThat(last).isEqualTo(given[3]);
        }
    }

    @Test
    void wrongResultsAreRefusedByLayerAndCell() {
        assertThatThrownBy(() -> advance("narrow output"))
                .isInstanceOf(KernelException.class)
                .hasMessage(
                        "layer rnn: cell test>AddedSimpleRnn must give its output as FLOAT [1, 5], got FLOAT [1, 3]");
        assertThatThrownBy(() -> advance("one state"))
                .isInstanceOf(KernelException.class)
                .hasMessage(
                        "layer rnn: cell test>AddedSimpleRnn must give 2 states as its widths say, got 1");
        assertThatThrownBy(() -> advance("flat state"))
                .isInstanceOf(KernelException.class)
                .hasMessage(
                        "layer rnn: cell test>AddedSimpleRnn must give state 1 as FLOAT [1, 5], got FLOAT [1]");
        assertThatThrownBy(() -> advance("failure"))
                .isInstanceOf(KernelException.class)
                .hasMessage(
                        "layer rnn: cell test>AddedSimpleRnn must compute its timestep, but failed: no such thing");
    }

    @Test
    void cellsThatNobodyComputesAreRefusedByLayerAndCell() {
        assertThatThrownBy(() -> compile("test>Nobody"))
                .isInstanceOf(KernelException.class)
                .hasMessage(
                        "layer rnn: a class for cell test>Nobody must be on the class path and named in META-INF/services/io.streamcell.models.CellType, got only [test>AddedSimpleRnn, test>WidthsOnly]");
        assertThatThrownBy(() -> compile("test>WidthsOnly"))
                .isInstanceOf(KernelException.class)
                .hasMessage(
                        "layer rnn: the class of cell test>WidthsOnly must be an Nd4jCell to be computed, got io.streamcell.kernels.nd4j.WidthsOnly, which gives its widths alone");
    }

    private void advance(String behaviour) {
        try (Streams streams = new Streams(new Nd4jProvider(), network(added(behaviour)), 1)) {
            streams.advance(List.of(streams.row(random, 0, 1, 0)));
        }
    }

    private void compile(String name) {
        CustomCell cell = added("");
        CustomCell other =
                new CustomCell(
                        name,
                        "{}",
                        cell.features(),
                        cell.units(),
                        cell.stateSizes(),
                        0,
                        cell.weights());
        new Streams(new Nd4jProvider(), network(other), 1).close();
    }

    private CustomCell added(String behaviour) {
        return new CustomCell(
                AddedSimpleRnn.NAME,
                behaviour,
                FEATURES,
                UNITS,
                List.of(UNITS, UNITS),
                0,
                List.of(
                        new TensorWeights(List.of(FEATURES, UNITS), w),
                        new TensorWeights(List.of(UNITS, UNITS), r),
                        new TensorWeights(List.of(UNITS), b)));
    }

    private Network network(Cell cell) {
        NetworkBuilder builder = new NetworkBuilder("added");
        int x = builder.timedInput("x", List.of(FEATURES));
        Recurrent layer = new Recurrent("rnn", "RNN", List.of(cell), true, false, true);
        int h = builder.add(layer, List.of(x)).get(0);
        Weights bias = Weights.vector(new float[2]);
        List<Integer> y =
                builder.add(new Dense("dense", dense, bias, Activation.LINEAR), List.of(h));
        return builder.build(List.of("y"), y, false);
    }

    private static void check(int[] actual, int[] expected) {
        assertThat(Agreement.farthest(actual, expected)).isLessThanOrEqualTo(Agreement.MOST);
    }

    private float[] values(int count) {
        float[] values = new float[count];
        for (int k = 0; k < count; k++) {
            values[k] = (float) random.nextGaussian() * 0.4f;
        }
        return values;
    }
}
