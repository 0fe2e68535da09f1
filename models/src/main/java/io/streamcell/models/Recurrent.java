package io.streamcell.models;

import java.util.ArrayList;
import java.util.List;

/**
 * A cell, or a stack of cells, over time. A stack runs each cell over the outputs of the one below;
 * its state is that of all cells, lowest first.
 *
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
        boolean stateful)
        implements Layer {
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

    /** Widths of the state tensors, cell after cell. */
    public List<Integer> stateSizes() {
        List<Integer> sizes = new ArrayList<>();
        cells.forEach(cell -> sizes.addAll(cell.stateSizes()));
        return sizes;
    }

    /** Width of an output row: the units of the last cell. */
    public int units() {
        return cells.get(cells.size() - 1).units();
    }

    @Override
    public List<Shape> outputs(List<Shape> inputs) {
        Shape input = inputs.get(0);
        if (inputs.size() != 1) {
            throw new UnsupportedModelException(
                    "layer %s must have one input, got %d; initial_state is not supported"
                            .formatted(name, inputs.size()));
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
    }
}
