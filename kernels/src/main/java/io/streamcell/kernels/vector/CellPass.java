package io.streamcell.kernels.vector;

/** One cell over the sequences of a batch. */
abstract class CellPass implements CellRun {
    /** A block of timesteps whose gates stay in the second-level cache. */
    private static final int BLOCK_FLOATS = 1 << 16;

    /** Rows of a pointwise pass hold about this many floats, so that they stay in the first. */
    private static final int POINTWISE_FLOATS = 1 << 11;

    private final CellStates states;
    private final Product input;
    private final int planes;
    private float[] gates = new float[0];
    private int plane;
    private float[] before;
    private int beforeAt;
    private float[] after;
    private int afterAt;

    /**
     * @param input the product of x, written to the first planes
     * @param planes of gates {@code [rows, stride]} in all
     */
    CellPass(CellStates states, Product input, int planes) {
        this.states = states;
        this.input = input;
        this.planes = planes;
    }

    /** The cell's states; those after h are advanced, h is in the sequence. */
    final CellStates states() {
        return states;
    }

    @Override
    public final void fit(int rows) {
        states.fit(rows);
    }

    @Override
    public final int load(int row, float[] page, int from) {
        return states.load(row, page, from);
    }

    @Override
    public final int store(float[] sequence, int last, int row, float[] page, int to) {
        return states.store(sequence, last, row, page, to);
    }

    @Override
    public final int stride() {
        return states.stride();
    }

    /** The product of x is taken for a block of timesteps at once; then each adds that of h. */
    @Override
    public final void run(Packing packing, float[] x, int xStride, float[] sequence) {
        int stride = states.stride();
        int limit = Math.max(packing.active(0), BLOCK_FLOATS / (planes * stride));
        gates = Lanes.grown(gates, (long) planes * Math.min(limit, packing.total()) * stride);
        after = sequence;
        int start = 0;
        while (start < packing.steps()) {
            int origin = packing.first(start);
            int end = start + 1;
            while (end < packing.steps() && packing.first(end + 1) - origin <= limit) {
                end++;
            }
            int rows = packing.first(end) - origin;
            plane = rows * stride;
            input.read(x, origin * xStride, xStride).write(gates, 0, plane).startFromBias(rows);
            for (int t = start; t < end; t++) {
                before = t == 0 ? states.tensor(0) : sequence;
                beforeAt = t == 0 ? 0 : packing.first(t - 1) * stride;
                afterAt = packing.first(t) * stride;
                advance((packing.first(t) - origin) * stride, packing.active(t));
            }
            start = end;
        }
    }

    /**
     * One timestep of the first {@code rows} rows: from the gates, which hold the product of x, and
     * {@link #before} to {@link #after}.
     *
     * @param at where the timestep's rows begin in each plane
     */
    abstract void advance(int at, int rows);

    /** Rows of one pointwise pass. */
    final int pointwiseRows() {
        return Math.max(1, POINTWISE_FLOATS / states.stride());
    }

    /** The planes of gates, one after another. */
    final float[] gates() {
        return gates;
    }

    /** From one plane of gates to the next. */
    final int plane() {
        return plane;
    }

    /** h of the timestep before, from {@link #beforeAt}. */
    final float[] before() {
        return before;
    }

    final int beforeAt() {
        return beforeAt;
    }

    /** h of this timestep, from {@link #afterAt}; written. */
    final float[] after() {
        return after;
    }

    final int afterAt() {
        return afterAt;
    }
}
