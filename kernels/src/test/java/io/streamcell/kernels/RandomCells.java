package io.streamcell.kernels;

import io.streamcell.models.Activation;
import io.streamcell.models.Cell;
import io.streamcell.models.CellBuilder;
import io.streamcell.models.CellOp;
import io.streamcell.models.ElementFunction;
import io.streamcell.models.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Composed cells of random operations, all kinds among them. */
final class RandomCells {
    private static final Activation[] BOUNDED = {
        Activation.TANH, Activation.SIGMOID, Activation.HARD_SIGMOID, Activation.SOFTSIGN
    };

    private final Random random;

    RandomCells(Random random) {
        this.random = random;
    }

    /** A cell with two states of {@code units} and, now and then, a clock. */
    Cell composed(int features, int units) {
        boolean clocked = random.nextInt(3) == 0;
        List<Integer> sizes = clocked ? List.of(units, units, 1) : List.of(units, units);
        CellBuilder cell = new CellBuilder("Random", features, sizes);
        int gates = 2 + random.nextInt(3);
        int z =
                cell.affine(
                        gates,
                        Weights.vector(values(gates * units)),
                        CellBuilder.term(cell.input(), weights(features, gates * units)),
                        CellBuilder.term(cell.state(0), weights(units, gates * units)));
        List<Integer> values = new ArrayList<>();
        for (int gate = 0; gate < gates; gate++) {
            values.add(cell.apply(functions(), z + gate));
        }
        values.add(cell.state(1));
        if (random.nextBoolean()) {
            values.add(
                    cell.affine(
                            1,
                            Weights.vector(values(units)),
                            CellBuilder.term(cell.input(), weights(features, units)),
                            CellBuilder.term(cell.state(0), weights(units, units))));
        }
        if (random.nextBoolean()) {
            values.add(cell.affineFrom(1, z, terms(cell, units)));
        }
        values.add(cell.constant(values(units)));
        for (int n = 2 + random.nextInt(4); n > 0; n--) {
            values.add(step(cell, values));
        }
        int output = cell.apply(Activation.TANH, step(cell, values));
        int kept = cell.apply(BOUNDED[random.nextInt(BOUNDED.length)], step(cell, values));
        List<Integer> next = new ArrayList<>(List.of(output, kept));
        if (clocked) {
            List<Integer> periods =
                    List.of(3, 1, 9).subList(0, 1 + random.nextInt(Math.min(units, 3)));
            next.set(1, cell.clocked(cell.state(2), periods, kept, cell.state(1)));
            next.add(cell.tick(cell.state(2), 9));
        }
        return cell.build(output, next, 0, 1);
    }

    /** Of both states, from some place on; after the first they may feed the first units alone. */
    private CellOp.Term[] terms(CellBuilder cell, int units) {
        CellOp.Term[] terms = new CellOp.Term[1 + random.nextInt(4)];
        for (int k = 0; k < terms.length; k++) {
            int from = random.nextInt(units);
            int fed = k == 0 || random.nextInt(3) == 0 ? units : 1 + random.nextInt(units);
            terms[k] = new CellOp.Term(cell.state(k % 2), from, weights(units - from, fed));
        }
        return terms;
    }

    private int step(CellBuilder cell, List<Integer> values) {
        int x = any(values);
        int y = any(values);
        return switch (random.nextInt(6)) {
            case 0 -> cell.sum(x, y);
            case 1 -> cell.difference(x, y);
            case 2 -> cell.product(x, y);
            case 3 -> cell.complement(x);
            case 4 -> cell.apply(functions(), x);
            default -> cell.fused(x, y, any(values));
        };
    }

    private int any(List<Integer> values) {
        return values.get(random.nextInt(values.size()));
    }

    private List<ElementFunction> functions() {
        ElementFunction bounded = ElementFunction.of(BOUNDED[random.nextInt(BOUNDED.length)]);
        ElementFunction.Kind[] kinds = ElementFunction.Kind.values();
        ElementFunction.Kind kind = kinds[1 + random.nextInt(kinds.length - 1)];
        return switch (random.nextInt(3)) {
            case 0 -> List.of(bounded);
            case 1 -> List.of(ElementFunction.of(kind, -0.4f, 0.7f), bounded);
            default -> List.of(bounded, ElementFunction.of(kind, 0.3f, 0.9f));
        };
    }

    private Weights weights(int rows, int columns) {
        return Weights.matrix(rows, columns, values(rows * columns));
    }

    private float[] values(int count) {
        float[] values = new float[count];
        for (int k = 0; k < count; k++) {
            values[k] = (float) random.nextGaussian() * 0.4f;
        }
        return values;
    }
}
