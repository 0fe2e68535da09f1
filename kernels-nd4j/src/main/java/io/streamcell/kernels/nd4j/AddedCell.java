package io.streamcell.kernels.nd4j;

import io.streamcell.kernels.KernelException;
import io.streamcell.models.CellType;
import io.streamcell.models.CustomCell;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.ServiceLoader;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The timestep of a cell that a user added, with a check of what it gives. */
final class AddedCell implements Nd4jCell.Step {
    private final String layer;
    private final CustomCell cell;
    private final Nd4jCell.Step step;

    private AddedCell(String layer, CustomCell cell, Nd4jCell.Step step) {
        this.layer = layer;
        this.cell = cell;
        this.step = step;
    }

    /**
     * Binds the class of the cell's registered name on the class path to its weights.
     *
     * @throws KernelException if there is none, or it does not compute
     */
    static Nd4jCell.Step of(String layer, CustomCell cell, HeldArrays held) {
        Nd4jCell found = find(layer, cell.registeredName());
        List<INDArray> weights = cell.weights().stream().map(held::array).toList();
        try (MemoryWorkspace none = Scopes.none()) {
            return new AddedCell(layer, cell, found.bind(cell.config(), cell.features(), weights));
        } catch (RuntimeException e) {
            throw failed(layer, cell, e);
        }
    }

    private static Nd4jCell find(String layer, String name) {
        List<String> others = new ArrayList<>();
        for (CellType type : ServiceLoader.load(CellType.class, AddedCell.class.getClassLoader())) {
            if (!type.registeredName().equals(name)) {
                others.add(type.registeredName());
            } else if (type instanceof Nd4jCell cell) {
                return cell;
            } else {
                throw new KernelException(
                        "layer %s: the class of cell %s must be an Nd4jCell to be computed, got %s, which gives its widths alone"
                                .formatted(layer, name, type.getClass().getName()));
            }
        }
        throw new KernelException(
                "layer %s: a class for cell %s must be on the class path and named in META-INF/services/%s, got %s"
                        .formatted(
                                layer,
                                name,
                                CellType.class.getName(),
                                others.isEmpty() ? "none" : "only " + others));
    }

    @Override
    public Nd4jCell.Advanced advance(INDArray inputs, List<INDArray> states) {
        Nd4jCell.Advanced after;
        try {
            after = step.advance(inputs, states);
        } catch (RuntimeException e) {
            throw failed(layer, cell, e);
        }
        check("its output", after.output(), inputs.rows(), cell.units());
        if (after.states().size() != states.size()) {
            throw new KernelException(
                    "layer %s: cell %s must give %d states as its widths say, got %d"
                            .formatted(
                                    layer,
                                    cell.registeredName(),
                                    states.size(),
                                    after.states().size()));
        }
        for (int k = 0; k < states.size(); k++) {
            check("state " + k, after.states().get(k), inputs.rows(), cell.stateSizes().get(k));
        }
        return after;
    }

    /** Copying would repeat a row, or cut one, where shapes differ. */
    private void check(String what, INDArray array, int rows, int width) {
        if (array.rank() != 2
                || array.size(0) != rows
                || array.size(1) != width
                || array.dataType() != DataType.FLOAT) {
            throw new KernelException(
                    "layer %s: cell %s must give %s as FLOAT [%d, %d], got %s %s"
                            .formatted(
                                    layer,
                                    cell.registeredName(),
                                    what,
                                    rows,
                                    width,
                                    array.dataType(),
                                    Arrays.toString(array.shape())));
        }
    }

    private static KernelException failed(String layer, CustomCell cell, RuntimeException cause) {
        return new KernelException(
                "layer %s: cell %s must compute its timestep, but failed: %s"
                        .formatted(layer, cell.registeredName(), cause.getMessage()),
                cause);
    }
}
