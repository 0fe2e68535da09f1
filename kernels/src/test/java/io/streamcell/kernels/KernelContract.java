package io.streamcell.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.streamcell.models.Activation;
import io.streamcell.models.Cell;
import io.streamcell.models.Gru;
import io.streamcell.models.Lstm;
import io.streamcell.models.Network;
import io.streamcell.models.NetworkBuilder;
import io.streamcell.models.Recurrent;
import io.streamcell.models.SimpleRnn;
import io.streamcell.models.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What every provider's kernels must do. */
public abstract class KernelContract {
    private final KernelProvider provider;

    protected KernelContract(KernelProvider provider) {
        this.provider = provider;
    }

    @Test
    void lstmGivesTheValuesOfKeras() {
        Cell cell = lstm(4, 3);
        assertThat(afterChunks(cell, 3, 6, 1))
                .containsExactly(new float[] {.6288687f, .86899155f, .9460773f}, within(1e-6f));
    }

    @Test
    void gruGivesTheValuesOfKeras() {
        assertThat(afterChunks(gru(4, 3, true), 3, 6, 1))
                .containsExactly(new float[] {.5217289f, .6371659f, .39384964f}, within(1e-6f));
        assertThat(afterChunks(gru(4, 3, false), 3, 6, 1))
                .containsExactly(new float[] {.51447755f, .6426879f, .40208298f}, within(1e-6f));
    }

    @Test
    void simpleRnnGivesTheValuesOfKeras() {
        Cell cell =
                new SimpleRnn(
                        4, 4, Activation.TANH, all(4, 4, .01f), all(4, 4, .02f), all(1, 4, .03f));
        assertThat(afterChunks(cell, 2, 3, 1))
                .containsExactly(new float[] {.405432f, .73605347f}, within(1e-6f));
    }

    @Test
    void secondChunkOfAStatefulLstmGivesTheValuesOfKeras() {
        assertThat(afterChunks(lstm(4, 4), 2, 3, 2))
                .containsExactly(new float[] {.3124785f, .6863672f}, within(1e-6f));
    }

    /** The first unit of each row after {@code calls} times the chunk 0, 1, 2, ... */
    private float[] afterChunks(Cell cell, int rows, int timesteps, int calls) {
        NetworkBuilder builder = new NetworkBuilder("keras");
        int x = builder.timedInput("x", List.of(cell.features()));
        Recurrent layer = new Recurrent("rnn", cell.kind(), List.of(cell), false, false, true);
        Network network = builder.build(List.of("h"), builder.add(layer, List.of(x)), false);
        try (Streams streams = new Streams(provider, network, rows)) {
            List<Streams.Row> batch = new ArrayList<>();
            int floats = timesteps * cell.features();
            for (int row = 0; row < rows; row++) {
                float[] values = new float[floats];
                for (int k = 0; k < floats; k++) {
                    values[k] = row * floats + k;
                }
                batch.add(new Streams.Row(row, new int[] {timesteps}, new float[][] {values}));
            }
            float[] first = new float[rows];
            for (int call = 0; call < calls; call++) {
                List<Streams.Result> results = streams.advance(batch);
                for (int row = 0; row < rows; row++) {
                    first[row] = Float.intBitsToFloat(results.get(row).outputs()[0][0]);
                }
            }
            return first;
        }
    }

    @Test
    void anyCutOfAStreamIntoChunksGivesTheSameBits() {
        for (long seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            Network network = new RandomNetworks(seed).causal();
            try (Streams streams = new Streams(provider, network, 8)) {
                List<Streams.Row> whole = new ArrayList<>();
                for (int slot = 0; slot < 4; slot++) {
                    whole.add(streams.row(random, slot, 12, 0));
                }
                if (streams.signature().axes() > 1) {
                    continue;
                }
                List<Streams.Result> expected = streams.advance(whole);
                int[][] outputs = new int[4][];
                int[] done = new int[4];
                Arrays.setAll(outputs, row -> new int[0]);
                while (!finished(whole, done)) {
                    advancePieces(streams, whole, done, outputs, random);
                }
                for (int row = 0; row < 4; row++) {
                    assertThat(outputs[row])
                            .as("seed %d", seed)
                            .isEqualTo(expected.get(row).outputs()[0]);
                    assertThat(streams.state(4 + row)).isEqualTo(streams.state(row));
                }
            }
        }
    }

    private static boolean finished(List<Streams.Row> whole, int[] done) {
        for (int row = 0; row < done.length; row++) {
            if (done[row] < whole.get(row).timesteps()[0]) {
                return false;
            }
        }
        return true;
    }

    /** Advances some of the rows by a few timesteps, in slots of their own, in any order. */
    private static void advancePieces(
            Streams streams, List<Streams.Row> whole, int[] done, int[][] outputs, Random random) {
        List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3));
        Collections.shuffle(order, random);
        List<Integer> taken = new ArrayList<>();
        List<Streams.Row> batch = new ArrayList<>();
        for (int row : order) {
            int left = whole.get(row).timesteps()[0] - done[row];
            if (left > 0 && random.nextInt(4) > 0) {
                int to = done[row] + 1 + random.nextInt(left);
                Streams.Row part = whole.get(row).part(done[row], to);
                batch.add(new Streams.Row(4 + row, part.timesteps(), part.inputs()));
                taken.add(row);
                done[row] = to;
            }
        }
        List<Streams.Result> results = streams.advance(batch);
        for (int k = 0; k < taken.size(); k++) {
            int row = taken.get(k);
            int[] more = results.get(k).outputs()[0];
            int before = outputs[row].length;
            outputs[row] = Arrays.copyOf(outputs[row], before + more.length);
            System.arraycopy(more, 0, outputs[row], before, more.length);
        }
    }

    @Test
    void bitsOfARowDependOnThatRowAlone() {
        for (long seed = 200; seed < 240; seed++) {
            Random random = new Random(seed);
            Network network = new RandomNetworks(seed).any();
            try (Streams together = new Streams(provider, network, 16);
                    Streams alone = new Streams(provider, network, 16)) {
                List<Streams.Row> rows = new ArrayList<>();
                for (int slot = 0; slot < 11; slot++) {
                    rows.add(together.row(random, slot, 7, 1));
                }
                Collections.shuffle(rows, random);
                List<Streams.Result> results = together.advance(rows);
                for (int k = 0; k < rows.size(); k++) {
                    assertThat(results.get(k).outputs())
                            .as("seed %d", seed)
                            .isDeepEqualTo(alone.advance(List.of(rows.get(k))).get(0).outputs());
                    int slot = rows.get(k).slot();
                    assertThat(together.state(slot)).isEqualTo(alone.state(slot));
                }
            }
        }
    }

    @Test
    void slotNamedTwiceIsRefusedAndNoStateChanges() {
        RandomNetworks networks = new RandomNetworks(1);
        try (Streams streams = new Streams(provider, networks.single(lstm(4, 3)), 3)) {
            Streams.Row row = streams.row(new Random(1), 2, 3, 0);
            int[] before = streams.state(2);
            assertThatThrownBy(() -> streams.advance(List.of(row, row)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "a slot must be named once in a batch, got 2 twice: a stream would skip its own past");
            assertThat(streams.state(2)).isEqualTo(before);
        }
    }

    @Test
    void batchWithoutRowsChangesNothing() {
        RandomNetworks networks = new RandomNetworks(1);
        try (Streams streams = new Streams(provider, networks.single(lstm(4, 3)), 1)) {
            assertThat(streams.advance(List.of())).isEmpty();
        }
    }

    @Test
    void nanIsStoredWithOneBitPattern() {
        RandomNetworks networks = new RandomNetworks(1);
        try (Streams streams = new Streams(provider, networks.single(gru(2, 3, true)), 1)) {
            float[] nan = {Float.intBitsToFloat(0xffc12345), Float.NaN};
            var row = new Streams.Row(0, new int[] {1}, new float[][] {nan});
            assertThat(streams.advance(List.of(row)).get(0).outputs()[0]).containsOnly(0x7fc00000);
            assertThat(streams.state(0)).containsOnly(0x7fc00000);
        }
    }

    /** Keras's LSTM with constant weights; its forget gate's bias is 1. */
    protected static Lstm lstm(int features, int units) {
        float[] bias = new float[4 * units];
        Arrays.fill(bias, .03f);
        Arrays.fill(bias, units, 2 * units, 1);
        return new Lstm(
                features,
                units,
                Activation.TANH,
                Activation.SIGMOID,
                all(features, 4 * units, .01f),
                all(units, 4 * units, .02f),
                Weights.vector(bias));
    }

    private static Gru gru(int features, int units, boolean resetAfter) {
        return new Gru(
                features,
                units,
                resetAfter,
                Activation.TANH,
                Activation.SIGMOID,
                all(features, 3 * units, .01f),
                all(units, 3 * units, .02f),
                all(resetAfter ? 2 : 1, 3 * units, .03f));
    }

    private static Weights all(int rows, int columns, float value) {
        float[] values = new float[rows * columns];
        Arrays.fill(values, value);
        return Weights.matrix(rows, columns, values);
    }
}
