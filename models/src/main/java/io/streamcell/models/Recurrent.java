package io.streamcell.models;

import java.util.ArrayList;
import java.util.List;

/**
 * A cell, or a stack of cells, over time. A stack runs each cell over the outputs of the one below;
 * its state is that of all cells, lowest first. It reads a sequence, then the state tensors that
 * the chunk starts from where {@link Mode#stateGiven} says so, then a mask where {@link
 * Mode#masked} says so.
 *
 * @param name unique in a network; two calls of one name share a state, the first call first
 * @param returnSequences one output row per timestep, else that of the chunk's last timestep
 * @param returnState whether the state tensors after the chunk are outputs too
 * @param stateful whether it was saved with {@code stateful=True}
 */
public record Recurrent(
        String name,
        String kind,
        List<Cell> cells,
        boolean returnSequences,
        boolean returnState,
        boolean stateful,
        Mode mode)
        implements Stateful {
    /**
     * How a layer runs over a chunk.
     *
     * @param part the name of its state, null for the layer's own
     * @param backwards from the last timestep to the first; outputs come in that order
     * @param masked whether it skips the timesteps that its last input, a mask, has 0 for
     * @param zeroForMask whether a skipped timestep's output is 0 instead of the one before
     * @param stateGiven whether inputs after the first are the state tensors to start from
     * @param initialState of a new stream, all tensors one after another, or null for zeros
     */
    public record Mode(
            String part,
            boolean backwards,
            boolean masked,
            boolean zeroForMask,
            boolean stateGiven,
            Weights initialState) {
        /** Forwards, over all timesteps, from zeros. */
        public static final Mode PLAIN = new Mode(null, false, false, false, false, null);

        /** Whether it runs forwards over all timesteps from the state that the stream has. */
        public boolean plain() {
            return !backwards && !masked && !stateGiven;
        }

        public Mode withPart(String name) {
            return new Mode(name, backwards, masked, zeroForMask, stateGiven, initialState);
        }

        public Mode withBackwards(boolean reversed) {
            return new Mode(part, reversed, masked, zeroForMask, stateGiven, initialState);
        }
    }

    public Recurrent {
        cells = List.copyOf(cells);
        if (cells.isEmpty()) {
            throw new UnsupportedModelException("layer " + name + " must have a cell, got none");
        }
        for (int k = 1; k < cells.size(); k++) {
            if (cells.get(k).features() != cells.get(k - 1).units()) {
                throw new UnsupportedModelException(
                        "layer %s: cell %d must read %d features as the cell below has units, got %d"
                                .formatted(
                                        name,
                                        k,
                                        cells.get(k - 1).units(),
                                        cells.get(k).features()));
            }
        }
    }

    /** A layer that runs forwards over all timesteps. */
    public Recurrent(
            String name,
            String kind,
            List<Cell> cells,
            boolean returnSequences,
            boolean returnState,
            boolean stateful) {
        this(name, kind, cells, returnSequences, returnState, stateful, Mode.PLAIN);
    }

    @Override
    public String part() {
        return mode.part() == null ? name : mode.part();
    }

    @Override
    public boolean stateGiven() {
        return mode.stateGiven();
    }

    @Override
    public Weights initialState() {
        return mode.initialState();
    }

    @Override
    public List<Integer> stateSizes() {
        List<Integer> sizes = new ArrayList<>();
        cells.forEach(cell -> sizes.addAll(cell.stateSizes()));
        return sizes;
    }

    /** Width of an output row: the units of the last cell. */
    public int units() {
        return top().units();
    }

    /** Where in the layer's state the last output stands again. */
    public int outputOffset() {
        int offset = 0;
        for (int k = 0; k < cells.size() - 1; k++) {
            offset += cells.get(k).stateSizes().stream().mapToInt(Integer::intValue).sum();
        }
        for (int k = 0; k < top().outputState(); k++) {
            offset += top().stateSizes().get(k);
        }
        return offset;
    }

    private Cell top() {
        return cells.get(cells.size() - 1);
    }

    @Override
    public boolean needsWholeChunks() {
        return mode.backwards() || mode.stateGiven();
    }

    @Override
    public List<Shape> outputs(List<Shape> inputs) {
        Shape input = inputs.get(0);
        int given = mode.stateGiven() ? stateSizes().size() : 0;
        if (inputs.size() != 1 + given + (mode.masked() ? 1 : 0)) {
            throw new UnsupportedModelException(
                    "layer %s must read a sequence%s, got %d inputs"
                            .formatted(
                                    name,
                                    given > 0 ? " and %d states".formatted(given) : "",
                                    inputs.size()));
        }
        if (!input.timed() || input.dims().size() != 1) {
            throw new UnsupportedModelException(
                    "layer %s must read (batch, time, features), got %s".formatted(name, input));
        }
        int features = cells.get(0).features();
        if (input.features() != features) {
            throw new UnsupportedModelException(
                    "layer %s must read %d features as its weights do, got %s"
                            .formatted(name, features, input));
        }
        for (int k = 0; k < given; k++) {
            Shape state = inputs.get(1 + k);
            if (state.timed() || state.width() != stateSizes().get(k)) {
                throw new UnsupportedModelException(
                        "layer %s: initial_state must be of %s values, got %s for the %d."
                                .formatted(name, stateSizes(), state, k + 1));
            }
        }
        List<Shape> outputs = new ArrayList<>();
        outputs.add(returnSequences ? Shape.timed(input.axis(), units()) : Shape.perChunk(units()));
        if (returnState) {
            stateSizes().forEach(size -> outputs.add(Shape.perChunk(size)));
        }
        return outputs;
    }

    @Override
    public long parameters() {
        return cells.stream().mapToLong(Cell::parameters).sum();
    }

    @Override
    public void describe(CanonicalForm form) {
        form.text("recurrent").number(cells.size());
        cells.forEach(cell -> cell.describe(form));
        form.number(returnSequences ? 1 : 0).number(returnState ? 1 : 0);
        if (!mode.plain()) {
            form.text(mode.backwards() ? "backwards" : "forwards");
            form.text(mode.masked() ? mode.zeroForMask() ? "zero" : "masked" : "");
            form.text(mode.stateGiven() ? "given" : "");
        }
        if (mode.initialState() != null) {
            form.text("initial").weights(mode.initialState());
        }
    }
}
