package io.streamcell.models.keras;

import io.streamcell.models.Activation;
import io.streamcell.models.Cell;
import io.streamcell.models.CellBuilder;
import io.streamcell.models.CellOp;
import io.streamcell.models.Weights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Other cells of the literature, which the Python module {@code streamcell} gives to Keras. */
final class Variants {
    /** Whole numbers that a float32 counts to. */
    private static final int MOST_TIMESTEPS = 1 << 24;

    private static final int MOST_LAYERS = 1000;

    private Variants() {}

    /**
     * MUT1, MUT2 and MUT3 of Jozefowicz et al. 2015 (PMLR 37): {@code h' = tanh(candidate)*z +
     * h*(1-z)}. Arrays: {@code [features, 3*units]}, {@code [units, 3*units]}, {@code [3*units]},
     * columns z r h.
     */
    static Cell mut(LayerConfig config, LayerWeights weights, int features) {
        int units = config.positive("units");
        int variant = config.one("variant", 1);
        if (variant > 3) {
            throw config.refused("variant", String.valueOf(variant), "1, 2 or 3");
        }
        Weights input = weights.matrix(0, features, 3 * units);
        Weights recurrent = weights.matrix(1, units, 3 * units);
        Weights bias = weights.vector(2, 3 * units);
        CellBuilder cell = new CellBuilder(config.kind(), features, List.of(units));
        int x = cell.input();
        int h = cell.state(0);
        CellOp.Term xz = CellBuilder.term(x, columns(input, 0, units));
        int z;
        if (variant == 1) {
            z = cell.affine(1, columns(bias, 0, units), xz);
        } else {
            int seen = variant == 3 ? cell.apply(Activation.TANH, h) : h;
            z =
                    cell.affine(
                            1,
                            columns(bias, 0, units),
                            xz,
                            CellBuilder.term(seen, columns(recurrent, 0, units)));
        }
        z = cell.apply(Activation.SIGMOID, z);
        int r =
                cell.apply(
                        Activation.SIGMOID,
                        cell.affine(
                                1,
                                columns(bias, units, units),
                                CellBuilder.term(x, columns(input, units, units)),
                                CellBuilder.term(h, columns(recurrent, units, units))));
        CellOp.Term xh = CellBuilder.term(x, columns(input, 2 * units, units));
        CellOp.Term heard =
                CellBuilder.term(cell.product(r, h), columns(recurrent, 2 * units, units));
        Weights candidateBias = columns(bias, 2 * units, units);
        int candidate;
        if (variant == 1) {
            int inner =
                    cell.apply(
                            Activation.TANH, cell.affine(1, Weights.vector(new float[units]), xh));
            int start = cell.sum(cell.constant(candidateBias.values()), inner);
            candidate = cell.affineFrom(1, start, heard);
        } else {
            candidate = cell.affine(1, candidateBias, xh, heard);
        }
        int kept = cell.product(h, cell.complement(z));
        int next = cell.fused(cell.apply(Activation.TANH, candidate), z, kept);
        return cell.build(
                next, List.of(next), 0, input.count() + recurrent.count() + (long) bias.count());
    }

    /**
     * LSTM cells with depth gates between them (Yao et al. 2015, arXiv 1508.03790): {@code c_upper'
     * = d*c_lower(t) + f*c_upper + i*g}. Arrays, layer after layer: {@code [features, 4*units]},
     * {@code [units, 4*units]}, {@code [4*units]}, gates i f c o; from the second on {@code [units,
     * units]} and three times {@code [units]}: of c_upper, of c_lower, bias.
     */
    static Cell depthGated(LayerConfig config, LayerWeights weights, int features) {
        int units = config.positive("units");
        int depth = config.one("depth", 2);
        if (depth > MOST_LAYERS) {
            throw config.refused("depth", String.valueOf(depth), "at most " + MOST_LAYERS);
        }
        List<Integer> sizes = new ArrayList<>();
        for (int k = 0; k < 2 * depth; k++) {
            sizes.add(units);
        }
        CellBuilder cell = new CellBuilder(config.kind(), features, sizes);
        List<Integer> next = new ArrayList<>();
        int number = 0;
        long parameters = 0;
        int x = cell.input();
        int lower = -1;
        for (int layer = 0; layer < depth; layer++) {
            int width = layer == 0 ? features : units;
            Weights input = weights.matrix(number++, width, 4 * units);
            Weights recurrent = weights.matrix(number++, units, 4 * units);
            Weights bias = weights.vector(number++, 4 * units);
            parameters += input.count() + recurrent.count() + bias.count();
            int h = cell.state(2 * layer);
            int c = cell.state(2 * layer + 1);
            int z =
                    cell.affine(
                            4, bias, CellBuilder.term(x, input), CellBuilder.term(h, recurrent));
            int i = cell.apply(Activation.SIGMOID, z);
            int f = cell.apply(Activation.SIGMOID, z + 1);
            int g = cell.apply(Activation.TANH, z + 2);
            int upper = cell.fused(f, c, cell.product(i, g));
            if (layer > 0) {
                Weights depthInput = weights.matrix(number++, units, units);
                int ofUpper = cell.constant(weights.read(number++, units));
                int ofLower = cell.constant(weights.read(number++, units));
                Weights depthBias = weights.vector(number++, units);
                parameters += depthInput.count() + 3L * units;
                int d = cell.affine(1, depthBias, CellBuilder.term(x, depthInput));
                d = cell.fused(ofLower, lower, cell.fused(ofUpper, c, d));
                upper = cell.fused(cell.apply(Activation.SIGMOID, d), lower, upper);
            }
            int o = cell.apply(Activation.SIGMOID, z + 3);
            x = cell.product(o, cell.apply(Activation.TANH, upper));
            lower = upper;
            next.add(x);
            next.add(upper);
        }
        return cell.build(x, next, 2 * depth - 2, parameters);
    }

    /**
     * Clockwork RNN (Koutnik et al. 2014, arXiv 1402.3511). The units fall into equal modules, one
     * a period, which compute when the timestep since the reset is a multiple of it; a module hears
     * itself and the slower ones, which follow it. Arrays: {@code [features, units]}, {@code
     * [units, units]}, {@code [units]}.
     */
    static Cell clockwork(LayerConfig config, LayerWeights weights, int features) {
        int units = config.positive("units");
        List<Integer> periods = config.numbers("periods");
        int modules = periods.size();
        if (modules < 1 || modules > units || periods.stream().anyMatch(period -> period < 1)) {
            throw config.refused(
                    "periods", periods.toString(), "at most %d positive numbers".formatted(units));
        }
        Weights input = weights.matrix(0, features, units);
        Weights recurrent = weights.matrix(1, units, units);
        Weights bias = weights.vector(2, units);
        CellBuilder cell = new CellBuilder(config.kind(), features, List.of(units, 1));
        int h = cell.state(0);
        int clock = cell.state(1);
        // By the module that is heard: those that hear it are the first units.
        CellOp.Term[] terms = new CellOp.Term[1 + modules];
        terms[0] = CellBuilder.term(cell.input(), input);
        for (int module = 0; module < modules; module++) {
            int from = CellOp.Clocked.first(module, modules, units);
            int to = CellOp.Clocked.first(module + 1, modules, units);
            Weights heard = columns(rows(recurrent, from, to), 0, to);
            terms[1 + module] = new CellOp.Term(h, from, heard);
        }
        int fresh = cell.apply(Activation.TANH, cell.affine(1, bias, terms));
        int next = cell.clocked(clock, periods, fresh, h);
        int limit = restart(config, periods);
        return cell.build(
                next,
                List.of(next, cell.tick(clock, limit)),
                0,
                input.count() + recurrent.count() + (long) bias.count());
    }

    /** The greatest multiple of all periods that float32 counts to. */
    private static int restart(LayerConfig config, List<Integer> periods) {
        long multiple = 1;
        for (int period : periods) {
            long a = multiple;
            long b = period;
            while (b != 0) {
                long rest = a % b;
                a = b;
                b = rest;
            }
            multiple = multiple / a * period;
            if (multiple > MOST_TIMESTEPS) {
                throw config.refused(
                        "periods",
                        periods.toString(),
                        "numbers whose least common multiple is at most " + MOST_TIMESTEPS);
            }
        }
        return (int) (MOST_TIMESTEPS / multiple * multiple);
    }

    private static Weights rows(Weights all, int from, int to) {
        int columns = all.columns();
        return Weights.matrix(
                to - from, columns, Arrays.copyOfRange(all.values(), from * columns, to * columns));
    }

    private static Weights columns(Weights all, int from, int count) {
        float[] values = new float[all.rows() * count];
        for (int row = 0; row < all.rows(); row++) {
            System.arraycopy(all.values(), row * all.columns() + from, values, row * count, count);
        }
        return Weights.matrix(all.rows(), count, values);
    }
}
