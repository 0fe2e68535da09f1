package io.streamcell.kernels.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.streamcell.kernels.KernelOptions;
import io.streamcell.kernels.KernelProvider;
import io.streamcell.kernels.RandomNetworks;
import io.streamcell.kernels.Streams;
import io.streamcell.kernels.reference.ReferenceProvider;
import io.streamcell.models.Cell;
import io.streamcell.models.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What holds for the precisions that use tensor cores. */
final class TensorChecks {
    private TensorChecks() {}

    /**
     * Compares cells of every kind with the exact ones, and rows in a batch with rows alone.
     *
     * @param most that a value may differ from the exact one
     * @return the greatest difference
     */
    static float check(
            KernelProvider provider,
            String precision,
            int features,
            int units,
            int rows,
            float most) {
        RandomNetworks networks = new RandomNetworks(1);
        float greatest = 0;
        for (Cell cell : KerasCells.of(features, units)) {
            greatest = Math.max(greatest, check(provider, precision, networks.single(cell), rows));
        }
        assertThat(greatest).isLessThan(most).isPositive();
        return greatest;
    }

    private static float check(
            KernelProvider provider, String precision, Network network, int rows) {
        Random random = new Random(rows);
        KernelOptions options = new KernelOptions(precision, 1);
        try (Streams exact = new Streams(new ReferenceProvider(), network, rows);
                Streams together = new Streams(provider, network, rows, options);
                Streams alone = new Streams(provider, network, rows, options)) {
            List<Streams.Row> batch = new ArrayList<>();
            for (int slot = 0; slot < rows; slot++) {
                batch.add(exact.row(random, slot, 4, 0));
            }
            List<Streams.Result> wanted = exact.advance(batch);
            List<Streams.Result> got = together.advance(batch);
            float greatest = 0;
            for (int row = 0; row < rows; row++) {
                int[] values = got.get(row).outputs()[0];
                for (int k = 0; k < values.length; k++) {
                    float difference =
                            Float.intBitsToFloat(values[k])
                                    - Float.intBitsToFloat(wanted.get(row).outputs()[0][k]);
                    greatest = Math.max(greatest, Math.abs(difference));
                    assertThat(difference).isNotNaN();
                }
            }
            for (int row = 0; row < rows; row += 37) {
                Streams.Result same = alone.advance(List.of(batch.get(row))).get(0);
                assertThat(same.outputs()).isDeepEqualTo(got.get(row).outputs());
                assertThat(alone.state(row)).isEqualTo(together.state(row));
            }
            return greatest;
        }
    }
}
