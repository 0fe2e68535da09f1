package io.streamcell.models.keras;

import io.streamcell.models.Activation;
import io.streamcell.models.Cell;
import io.streamcell.models.CellBuilder;
import io.streamcell.models.CellOp;
import io.streamcell.models.Weights;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The vanilla LSTM and its eight variants of Greff et al. 2015 (arXiv 1503.04069), with the
 * peepholes of Gers and Schmidhuber 2000: i and f see c(t-1), o sees c(t).
 *
 * <p>Arrays: input weights {@code [features, 4*units]}, recurrent weights {@code [units, 4*units]},
 * bias {@code [4*units]}, gates i f c o; peepholes {@code [3, units]}, rows i f o; for FGR gate
 * weights {@code [3*units, 3*units]}, rows and columns i f o.
 */
final class LstmVariants {
    private static final List<String> VARIANTS =
            List.of("CIFG", "FGR", "NFG", "NIAF", "NIG", "NOAF", "NOG", "NP", "V");

    /** Where the gates i, f, o, c stand among the saved columns i, f, c, o. */
    private static final int[] IFOC = {0, 1, 3, 2};

    private final String variant;
    private final int units;
    private final CellBuilder cell;
    // i, f, o rows of peepholes, or null
    private final float[] peephole;

    private LstmVariants(String variant, int units, CellBuilder cell, float[] peephole) {
        this.variant = variant;
        this.units = units;
        this.cell = cell;
        this.peephole = peephole;
    }

    static Cell read(LayerConfig config, LayerWeights weights, int features) {
        int units = config.positive("units");
        String variant = config.text("variant", "V");
        if (!VARIANTS.contains(variant)) {
            throw config.refused("variant", variant, "one of " + VARIANTS);
        }
        Weights input = gates(weights.matrix(0, features, 4 * units), units);
        Weights recurrent = gates(weights.matrix(1, units, 4 * units), units);
        Weights bias = gates(weights.vector(2, 4 * units), units);
        boolean peepholes = !variant.equals("NP") && config.flag("peepholes", true);
        float[] peephole = peepholes ? weights.read(3, 3, units) : null;
        boolean full = variant.equals("FGR");
        Weights between = full ? weights.matrix(peepholes ? 4 : 3, 3 * units, 3 * units) : null;
        List<Integer> sizes = Collections.nCopies(full ? 5 : 2, units);
        CellBuilder cell = new CellBuilder(config.kind(), features, sizes);
        int z =
                cell.affine(
                        4,
                        bias,
                        CellBuilder.term(cell.input(), input),
                        CellBuilder.term(cell.state(0), recurrent));
        long parameters = input.count() + recurrent.count() + (long) bias.count();
        parameters += peepholes ? peephole.length : 0;
        parameters += full ? between.count() : 0;
        return new LstmVariants(variant, units, cell, peephole).build(z, between, parameters);
    }

    /** Columns i, f, c, o as i, f, o, c, so that the gates stand side by side. */
    private static Weights gates(Weights saved, int units) {
        float[] values = new float[saved.count()];
        for (int row = 0; row < saved.rows(); row++) {
            for (int gate = 0; gate < 4; gate++) {
                System.arraycopy(
                        saved.values(),
                        row * saved.columns() + IFOC[gate] * units,
                        values,
                        row * saved.columns() + gate * units,
                        units);
            }
        }
        return Weights.matrix(saved.rows(), saved.columns(), values);
    }

    /**
     * @param z the first of the sums i, f, o, c
     * @param between what i, f and o of the timestep before give to i, f, o, or null
     */
    private Cell build(int z, Weights between, long parameters) {
        int sums = z;
        if (between != null) {
            CellOp.Term[] terms = new CellOp.Term[3];
            for (int gate = 0; gate < 3; gate++) {
                terms[gate] = CellBuilder.term(cell.state(2 + gate), rows(between, gate));
            }
            sums = cell.affineFrom(3, z, terms);
        }
        int c = cell.state(1);
        int one = -1;
        if (variant.equals("NIG") || variant.equals("NFG") || variant.equals("NOG")) {
            float[] ones = new float[units];
            Arrays.fill(ones, 1);
            one = cell.constant(ones);
        }
        int i = variant.equals("NIG") ? one : cell.apply(Activation.SIGMOID, seen(sums, 0, c));
        int f =
                switch (variant) {
                    case "NFG" -> one;
                    case "CIFG" -> cell.complement(i);
                    default -> cell.apply(Activation.SIGMOID, seen(sums + 1, 1, c));
                };
        int g = variant.equals("NIAF") ? z + 3 : cell.apply(Activation.TANH, z + 3);
        int next = cell.fused(f, c, cell.product(i, g));
        int o =
                variant.equals("NOG")
                        ? one
                        : cell.apply(Activation.SIGMOID, seen(sums + 2, 2, next));
        int h = cell.product(o, variant.equals("NOAF") ? next : cell.apply(Activation.TANH, next));
        List<Integer> states = between == null ? List.of(h, next) : List.of(h, next, i, f, o);
        return cell.build(h, states, 0, parameters);
    }

    /** A gate's sum with what its peephole sees. */
    private int seen(int sum, int gate, int c) {
        if (peephole == null) {
            return sum;
        }
        float[] row = Arrays.copyOfRange(peephole, gate * units, (gate + 1) * units);
        return cell.fused(cell.constant(row), c, sum);
    }

    private Weights rows(Weights all, int gate) {
        int floats = units * all.columns();
        return Weights.matrix(
                units,
                all.columns(),
                Arrays.copyOfRange(all.values(), gate * floats, (gate + 1) * floats));
    }
}
