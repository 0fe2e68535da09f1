package io.streamcell.kernels.vector;

import io.streamcell.kernels.functions.Clock;
import io.streamcell.models.CellOp;
import io.streamcell.models.ComposedCell;
import io.streamcell.models.Weights;

/**
 * A {@link ComposedCell} over a batch: timestep by timestep, a block of rows at a time, operation
 * by operation. A register is a plane {@code [rows, stride]}.
 */
final class ComposedPass implements CellRun {
    /** Rows of a block hold about this many floats of registers. */
    private static final int BLOCK_FLOATS = 1 << 15;

    /**
     * The weights of an operation, one product a term.
     *
     * @param parts where the sums of a term are computed that feeds the first units alone, else
     *     null: a whole vector may reach beyond them
     */
    private record Sums(CellOp.Affine affine, Product[] products, Plane[] parts) {}

    private final ComposedCell cell;
    private final int[] widths;
    // states[k]: state tensor k of every row, [rows, stride]
    private final float[][] states;
    private final Sums[] sums;
    private final Plane[] registers;
    private final int blockRows;

    ComposedPass(ComposedCell cell) {
        this.cell = cell;
        this.widths = cell.registerWidths().stream().mapToInt(Integer::intValue).toArray();
        this.states = new float[cell.stateSizes().size()][0];
        this.registers = new Plane[widths.length];
        int floats = 0;
        for (int width : widths) {
            floats += Lanes.padded(width);
        }
        this.blockRows = Math.max(6, BLOCK_FLOATS / floats / 6 * 6);
        this.sums = cell.ops().stream().map(this::sums).toArray(Sums[]::new);
        for (int k = 0; k < widths.length; k++) {
            boolean outside = k <= states.length;
            registers[k] = new Plane(widths[k], outside ? 0 : blockRows);
        }
        shareGates();
    }

    /** The gates of one operation are planes of one array. */
    private void shareGates() {
        int next = 1 + states.length;
        for (CellOp op : cell.ops()) {
            if (op instanceof CellOp.Affine affine) {
                int plane = blockRows * Lanes.padded(affine.width());
                float[] values = new float[affine.gates() * plane];
                for (int gate = 0; gate < affine.gates(); gate++) {
                    registers[next + gate].place(
                            values, gate * plane, Lanes.padded(affine.width()));
                }
            } else if (op instanceof CellOp.Constant constant) {
                float[] values = new float[Lanes.padded(constant.values().count())];
                System.arraycopy(
                        constant.values().values(), 0, values, 0, constant.values().count());
                registers[next].place(values, 0, 0);
            }
            next += op.gives();
        }
    }

    private Sums sums(CellOp op) {
        if (!(op instanceof CellOp.Affine affine)) {
            return null;
        }
        int[] planes = new int[affine.gates()];
        for (int gate = 0; gate < planes.length; gate++) {
            planes[gate] = gate;
        }
        int terms = affine.terms().size();
        Product[] products = new Product[terms];
        Plane[] parts = new Plane[terms];
        float[] bias = affine.bias().values();
        for (int k = 0; k < terms; k++) {
            Weights weights = affine.terms().get(k).weights();
            int width = weights.columns() / affine.gates();
            products[k] = new Product(new Panels(weights, 0, affine.gates(), width, bias), planes);
            parts[k] = width < affine.width() ? new Plane(width, blockRows) : null;
        }
        return new Sums(affine, products, parts);
    }

    @Override
    public void fit(int rows) {
        for (int k = 0; k < states.length; k++) {
            states[k] = Lanes.grown(states[k], (long) rows * Lanes.padded(widths[1 + k]));
        }
    }

    @Override
    public int load(int row, float[] page, int from) {
        int at = from;
        for (int k = 0; k < states.length; k++) {
            int width = widths[1 + k];
            System.arraycopy(page, at, states[k], row * Lanes.padded(width), width);
            at += width;
        }
        return at;
    }

    @Override
    public int store(float[] sequence, int last, int row, float[] page, int to) {
        int at = to;
        for (int k = 0; k < states.length; k++) {
            int width = widths[1 + k];
            Lanes.copyCanonical(states[k], row * Lanes.padded(width), page, at, width);
            at += width;
        }
        return at;
    }

    @Override
    public int stride() {
        return Lanes.padded(widths[cell.output()]);
    }

    @Override
    public void run(Packing packing, float[] x, int xStride, float[] sequence) {
        for (int t = 0; t < packing.steps(); t++) {
            int active = packing.active(t);
            for (int row = 0; row < active; row += blockRows) {
                int rows = Math.min(blockRows, active - row);
                int at = packing.first(t) + row;
                registers[0].place(x, at * xStride, xStride);
                for (int k = 0; k < states.length; k++) {
                    int stride = Lanes.padded(widths[1 + k]);
                    registers[1 + k].place(states[k], row * stride, stride);
                }
                step(rows);
                registers[cell.output()].copy(rows, sequence, at * stride(), stride());
                keep(rows, row);
            }
        }
    }

    private void step(int rows) {
        int next = 1 + states.length;
        for (int k = 0; k < sums.length; k++) {
            CellOp op = cell.ops().get(k);
            if (sums[k] != null) {
                affine(sums[k], next, rows);
            } else {
                run(op, registers[next], rows);
            }
            next += op.gives();
        }
    }

    /** No state is another's next one after it was overwritten: all are registers of operations. */
    private void keep(int rows, int row) {
        for (int k = 0; k < states.length; k++) {
            int register = cell.nextStates().get(k);
            if (register != 1 + k) {
                int stride = Lanes.padded(widths[1 + k]);
                registers[register].copy(rows, states[k], row * stride, stride);
            }
        }
    }

    private void affine(Sums sums, int first, int rows) {
        CellOp.Affine affine = sums.affine();
        Plane plane = registers[first];
        boolean started = affine.start() != CellOp.NONE;
        for (int gate = 0; gate < affine.gates() && started; gate++) {
            Plane to = registers[first + gate];
            registers[affine.start() + gate].copy(rows, to.values(), to.from(), to.stride());
        }
        for (int k = 0; k < affine.terms().size(); k++) {
            CellOp.Term term = affine.terms().get(k);
            Plane read = registers[term.register()];
            Plane part = sums.parts()[k];
            Plane to = part == null ? plane : part;
            Product product =
                    sums.products()[k]
                            .read(read.values(), read.from() + term.from(), read.stride())
                            .write(to.values(), to.from(), blockRows * to.stride());
            if (part != null) {
                plane.copyFirst(rows, part);
                product.accumulate(rows);
                part.copyFirst(rows, plane);
            } else if (started) {
                product.accumulate(rows);
            } else {
                product.startFromBias(rows);
            }
            started = true;
        }
    }

    private void run(CellOp op, Plane to, int rows) {
        if (op instanceof CellOp.Apply apply) {
            registers[apply.x()].copy(rows, to.values(), to.from(), to.stride());
            Pointwise.apply(apply.function(), to.values(), to.from(), rows, to.width());
        } else if (op instanceof CellOp.Combine combine) {
            Planes.combine(
                    combine.kind(), registers[combine.x()], registers[combine.y()], to, rows);
        } else if (op instanceof CellOp.Fused fused) {
            Planes.fused(
                    registers[fused.x()], registers[fused.y()], registers[fused.z()], to, rows);
        } else if (op instanceof CellOp.Clocked clocked) {
            clocked(clocked, to, rows);
        } else if (op instanceof CellOp.Tick tick) {
            Plane clock = registers[tick.clock()];
            for (int row = 0; row < rows; row++) {
                to.values()[to.at(row)] = Clock.next(clock.values()[clock.at(row)], tick.limit());
            }
        }
    }

    private void clocked(CellOp.Clocked clocked, Plane to, int rows) {
        Plane clock = registers[clocked.clock()];
        Plane fresh = registers[clocked.fresh()];
        Plane kept = registers[clocked.kept()];
        int modules = clocked.periods().size();
        for (int module = 0; module < modules; module++) {
            int period = clocked.periods().get(module);
            int from = CellOp.Clocked.first(module, modules, to.width());
            int count = CellOp.Clocked.first(module + 1, modules, to.width()) - from;
            for (int row = 0; row < rows; row++) {
                boolean due = Clock.due(clock.values()[clock.at(row)], period);
                Plane chosen = due ? fresh : kept;
                System.arraycopy(
                        chosen.values(),
                        chosen.at(row) + from,
                        to.values(),
                        to.at(row) + from,
                        count);
            }
        }
    }

    /** A register's place: row r begins at {@code from + r*stride}; a constant's stride is 0. */
    static final class Plane {
        private final int width;
        private float[] values;
        private int from;
        private int stride;

        Plane(int width, int rows) {
            this.width = width;
            this.stride = Lanes.padded(width);
            this.values = new float[rows * stride];
        }

        void place(float[] array, int at, int distance) {
            values = array;
            from = at;
            stride = distance;
        }

        float[] values() {
            return values;
        }

        int from() {
            return from;
        }

        int stride() {
            return stride;
        }

        int width() {
            return width;
        }

        int at(int row) {
            return from + row * stride;
        }

        /** Copies rows to where they are {@code distance} apart, and what lies between them. */
        void copy(int rows, float[] to, int at, int distance) {
            if (stride == distance) {
                System.arraycopy(values, from, to, at, (rows - 1) * stride + width);
            } else {
                copyEach(rows, to, at, distance);
            }
        }

        /** Copies rows to where they are {@code distance} apart, and nothing else. */
        private void copyEach(int rows, float[] to, int at, int distance) {
            for (int row = 0; row < rows; row++) {
                System.arraycopy(values, from + row * stride, to, at + row * distance, width);
            }
        }

        /** Copies the first values of rows, as many as the narrower plane holds. */
        void copyFirst(int rows, Plane to) {
            int count = Math.min(width, to.width);
            for (int row = 0; row < rows; row++) {
                System.arraycopy(values, at(row), to.values, to.at(row), count);
            }
        }
    }
}
